BEGIN TRANSACTION;
CREATE TABLE attempt (
    id TEXT PRIMARY KEY,
    run_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    plan_file TEXT NOT NULL,
    milestone_id TEXT NOT NULL,
    task_id TEXT NOT NULL,
    task_title TEXT NOT NULL,
    agent TEXT NOT NULL,
    sandbox TEXT NOT NULL,
    container TEXT,
    replayed INTEGER NOT NULL,
    process_id INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    trace_id TEXT,
    stream TEXT NOT NULL,
    ended_at INTEGER,
    duration_ms INTEGER,
    status TEXT,
    cause TEXT,
    exit_code INTEGER,
    claim TEXT,
    verdict TEXT,
    session_id TEXT,
    cost_usd REAL,
    turns INTEGER,
    output TEXT,
    question TEXT,
    options TEXT,
    recommendation TEXT,
    error TEXT
) WITHOUT ROWID;
INSERT INTO "attempt" VALUES('20251122-083000-00000a.1','20251122-083000-00000a',1,'TestPlans/hello_world.md','hello_world','1.1','Create hello.py','claude-code','docker','ktrdr-sandbox',0,4242,1763800600250,'0af7651916cd43dd0af7651916cd43dd','/home/u/state/runs/20251122-083000-00000a/stream.jsonl',1763800645500,45250,'completed','claimed',0,'completed','unchecked','5e0f6a3e-8f5a-4c62-9a3c-1d2e3f4a5b6c',0.02,3,'It''s "done" — ok; café
STATUS: completed',NULL,NULL,NULL,NULL);
INSERT INTO "attempt" VALUES('20251122-084000-00000b.1','20251122-084000-00000b',1,'TestPlans/hello_world.md','hello_world','1.2','Create hello.py','claude-code','docker','ktrdr-sandbox',0,4242,1763801200250,'0af7651916cd43dd0af7651916cd43dd','/home/u/state/runs/20251122-084000-00000b/stream.jsonl',1763801800250,600000,'needs_human','question',2,'needs_human','unchecked','be0f6a3e-8f5a-4c62-9a3c-1d2e3f4a5b6c',0.5,3,'Which?','Which file?','["A, or so","B\nC"]','A, or so',NULL);
INSERT INTO "attempt" VALUES('20251122-085000-00000c.1','20251122-085000-00000c',1,'TestPlans/hello_world.md','hello_world','1.1','Create hello.py','claude-code','local',NULL,0,4242,1763801800250,'0af7651916cd43dd0af7651916cd43dd','/home/u/state/runs/20251122-085000-00000c/stream.jsonl',1763801801250,1000,'failed','agent_broke',1,NULL,'unchecked',NULL,NULL,3,'',NULL,NULL,NULL,'The agent ended with exit code 7.');
INSERT INTO "attempt" VALUES('20251122-090000-00000d.1','20251122-090000-00000d',1,'TestPlans/hello_world.md','hello_world','1.1','Create hello.py','claude-code','docker','ktrdr-sandbox',1,4242,1763802400250,'0af7651916cd43dd0af7651916cd43dd','/home/u/state/runs/20251122-090000-00000d/stream.jsonl',1763802400370,120,'completed','claimed',0,'completed','unchecked','5e0f6a3e-8f5a-4c62-9a3c-1d2e3f4a5b6c',0.02,3,'again',NULL,NULL,NULL,NULL);
INSERT INTO "attempt" VALUES('20251122-091000-00000e.1','20251122-091000-00000e',1,'TestPlans/hello_world.md','hello_world','1.3','Create hello.py','claude-code','docker','ktrdr-sandbox',0,4242,1763803000250,'0af7651916cd43dd0af7651916cd43dd','/home/u/state/runs/20251122-091000-00000e/stream.jsonl',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO "grdb_migrations" VALUES('1 attempts and their usage');
CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value NOT NULL
) WITHOUT ROWID;
INSERT INTO "meta" VALUES('created_at',1763800000250);
INSERT INTO "meta" VALUES('instance_id@build-7','15d6f504-6742-4c64-81e9-9b11ebe6a279');
INSERT INTO "meta" VALUES('instance_id@laptop','d699db88-6725-4e06-bff1-6e0abbd19ceb');
CREATE TABLE usage (
    attempt_id TEXT NOT NULL REFERENCES attempt (id),
    model TEXT NOT NULL,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    cache_read_tokens INTEGER NOT NULL,
    cache_creation_tokens INTEGER NOT NULL,
    cost_usd REAL NOT NULL,
    PRIMARY KEY (attempt_id, model)
) WITHOUT ROWID;
INSERT INTO "usage" VALUES('20251122-083000-00000a.1','claude-haiku-4-5',10,7,1000,100,0.0025);
INSERT INTO "usage" VALUES('20251122-083000-00000a.1','claude-opus-4-5',20,14,2000,200,0.0175);
INSERT INTO "usage" VALUES('20251122-084000-00000b.1','claude-opus-4-5',50,35,5000,500,0.5);
INSERT INTO "usage" VALUES('20251122-090000-00000d.1','claude-opus-4-5',20,14,2000,200,0.02);
CREATE INDEX attempt_by_run ON attempt (run_id, number);
COMMIT;
