#!/bin/sh
# Puts the image's slash commands into the agent's home at every start, then becomes the container's command.
# The home is a volume, and Docker fills a volume from the image only once: without this, a rebuilt image would leave
# the old commands in place, and a home that was made elsewhere would have none.
commands="$HOME/.claude/commands"
if ! { mkdir -p "$commands" && cp /usr/local/share/orchestrator/commands/*.md "$commands/"; }; then
    echo "sandbox: /ktask could not be installed in $commands; orchestrator sends its text with the prompt instead" >&2
fi
exec "$@"
