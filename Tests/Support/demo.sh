#!/usr/bin/env bash
# The main job with no Docker, account or collector: a recorded session of Claude Code is replayed in a bubblewrap
# sandbox, so that hello.py is really written and really run; then its trace is shown. Prints the command lines first.
#
#   Tests/Support/demo.sh BINARY [WORKSPACE]
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
BINARY="$1"
WORKSPACE="${2:-.demo/workspace}"
mkdir -p "$WORKSPACE"
rm -f "$WORKSPACE/hello.py"

export ORCHESTRATOR_STATE_DIR="${ORCHESTRATOR_STATE_DIR:-.demo/state}"
COMMAND=("$BINARY" task TestPlans/hello_world.md 1.1 --sandbox local
    --agent replay:TestPlans/recordings/hello_world.jsonl --workspace "$WORKSPACE")
echo "ORCHESTRATOR_STATE_DIR=$ORCHESTRATOR_STATE_DIR ${COMMAND[*]}"
"${COMMAND[@]}"

echo "python3 $WORKSPACE/hello.py"
python3 "$WORKSPACE/hello.py"

echo "ORCHESTRATOR_STATE_DIR=$ORCHESTRATOR_STATE_DIR $BINARY trace"
"$BINARY" trace
