BEGIN TRANSACTION;
CREATE TABLE plan (
    hash TEXT PRIMARY KEY,
    path TEXT NOT NULL,
    content BLOB NOT NULL,
    first_seen INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO "plan" VALUES('b1f1c6f0a1f6d2a4f3f06f3c8a0d7f5f2c3f4f6d8e1b0a9c7d6e5f4a3b2c1d0e','/home/u/project/TestPlans/hello_world.md',X'23204D696C6573746F6E653A2048656C6C6F0A0A2323205461736B20312E313A204372656174652068656C6C6F2E70790A',1763800600250);
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
, plan_path TEXT, plan_hash TEXT REFERENCES plan (hash), workspace TEXT, continues TEXT REFERENCES attempt (id), program_version TEXT, agent_version TEXT, task_options TEXT, answer TEXT, cost_estimated INTEGER, resume_at INTEGER, advice TEXT, notes TEXT, verification TEXT, changes TEXT, processes TEXT, retries INTEGER, fixes INTEGER) WITHOUT ROWID;
INSERT INTO "attempt" VALUES('20251122-083000-00000a.1','20251122-083000-00000a',1,'TestPlans/hello_world.md','hello_world','1.1','Create hello.py','claude-code','docker','ktrdr-sandbox',0,4242,1763800600250,'0af7651916cd43dd0af7651916cd43dd','/home/u/state/runs/20251122-083000-00000a/stream.jsonl',1763800645500,45250,'completed','claimed',0,'completed','unchecked','5e0f6a3e-8f5a-4c62-9a3c-1d2e3f4a5b6c',0.02,3,'It''s "done" — ok; café
STATUS: completed',NULL,NULL,NULL,NULL,'/home/u/project/TestPlans/hello_world.md','b1f1c6f0a1f6d2a4f3f06f3c8a0d7f5f2c3f4f6d8e1b0a9c7d6e5f4a3b2c1d0e','/workspace',NULL,'0.4.0','2.1.150','{"model":"opus"}',NULL,0,NULL,NULL,'[]','{"checks":[],"unchecked":[]}','{}','{}',0,0);
INSERT INTO "attempt" VALUES('20251122-084000-00000b.1','20251122-084000-00000b',1,'TestPlans/hello_world.md','hello_world','1.2','Create hello.py','claude-code','docker','ktrdr-sandbox',0,4242,1763801200250,'0af7651916cd43dd0af7651916cd43dd','/home/u/state/runs/20251122-084000-00000b/stream.jsonl',1763801800250,600000,'needs_human','question',2,'needs_human','unchecked','be0f6a3e-8f5a-4c62-9a3c-1d2e3f4a5b6c',0.5,3,'Which?','Which file?','["A, or so","B\nC"]','A, or so',NULL,'/home/u/project/TestPlans/hello_world.md','b1f1c6f0a1f6d2a4f3f06f3c8a0d7f5f2c3f4f6d8e1b0a9c7d6e5f4a3b2c1d0e','/workspace',NULL,'0.4.0','2.1.150','{"model":"opus"}',NULL,0,NULL,NULL,'[]','{"checks":[],"unchecked":[]}','{}','{}',0,0);
INSERT INTO "attempt" VALUES('20251122-085000-00000c.1','20251122-085000-00000c',1,'TestPlans/hello_world.md','hello_world','1.1','Create hello.py','claude-code','local',NULL,0,4242,1763801800250,'0af7651916cd43dd0af7651916cd43dd','/home/u/state/runs/20251122-085000-00000c/stream.jsonl',1763801801250,1000,'failed','agent_broke',1,NULL,'unchecked',NULL,NULL,3,'',NULL,NULL,NULL,'The agent ended with exit code 7.','/home/u/project/TestPlans/hello_world.md','b1f1c6f0a1f6d2a4f3f06f3c8a0d7f5f2c3f4f6d8e1b0a9c7d6e5f4a3b2c1d0e','/workspace',NULL,'0.4.0','2.1.150','{"model":"opus"}',NULL,0,NULL,NULL,'[]','{"checks":[],"unchecked":[]}','{}','{}',0,0);
INSERT INTO "attempt" VALUES('20251122-090000-00000d.1','20251122-090000-00000d',1,'TestPlans/hello_world.md','hello_world','1.1','Create hello.py','claude-code','docker','ktrdr-sandbox',1,4242,1763802400250,'0af7651916cd43dd0af7651916cd43dd','/home/u/state/runs/20251122-090000-00000d/stream.jsonl',1763802400370,120,'completed','claimed',0,'completed','unchecked','5e0f6a3e-8f5a-4c62-9a3c-1d2e3f4a5b6c',0.02,3,'again',NULL,NULL,NULL,NULL,'/home/u/project/TestPlans/hello_world.md','b1f1c6f0a1f6d2a4f3f06f3c8a0d7f5f2c3f4f6d8e1b0a9c7d6e5f4a3b2c1d0e','/workspace',NULL,'0.4.0','2.1.150','{"model":"opus"}',NULL,0,NULL,NULL,'[]','{"checks":[],"unchecked":[]}','{}','{}',0,0);
INSERT INTO "attempt" VALUES('20251122-091000-00000e.1','20251122-091000-00000e',1,'TestPlans/hello_world.md','hello_world','1.3','Create hello.py','claude-code','docker','ktrdr-sandbox',0,4242,1763803000250,'0af7651916cd43dd0af7651916cd43dd','/home/u/state/runs/20251122-091000-00000e/stream.jsonl',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'/home/u/project/TestPlans/hello_world.md','b1f1c6f0a1f6d2a4f3f06f3c8a0d7f5f2c3f4f6d8e1b0a9c7d6e5f4a3b2c1d0e','/workspace',NULL,'0.4.0','2.1.150','{"model":"opus"}',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "attempt" VALUES('20251122-092000-00000f.1','20251122-092000-00000f',1,'TestPlans/hello_world.md','hello_world','1.1','Create hello.py','claude-code','docker','ktrdr-sandbox',0,4242,1763803600250,'0af7651916cd43dd0af7651916cd43dd','/home/u/state/runs/20251122-092000-00000f/stream.jsonl',1763804200650,600400,'failed','time_limit',3,NULL,'unchecked','5e0f6a3e-8f5a-4c62-9a3c-1d2e3f4a5b6c',1.25,3,'working',NULL,NULL,NULL,'The limit of 10 minutes passed.','/home/u/project/TestPlans/hello_world.md','b1f1c6f0a1f6d2a4f3f06f3c8a0d7f5f2c3f4f6d8e1b0a9c7d6e5f4a3b2c1d0e','/workspace',NULL,'0.4.0','2.1.150','{"model":"opus"}',NULL,1,NULL,'raise --timeout','["tokens are an estimate"]','{"checks":[],"unchecked":[]}','{}','{}',2,0);
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO "grdb_migrations" VALUES('1 attempts and their usage');
INSERT INTO "grdb_migrations" VALUES('2 plans, continuations and health');
CREATE TABLE health_check (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    status TEXT NOT NULL,
    checks TEXT NOT NULL
);
INSERT INTO "health_check" VALUES(1,1763800000500,'ok','[]');
CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value NOT NULL
) WITHOUT ROWID;
INSERT INTO "meta" VALUES('created_at',1763800000250);
INSERT INTO "meta" VALUES('instance_id@build-7','9d2f6f0a-0b1e-4b54-8f0e-3a6f3c1f7c21');
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
INSERT INTO "usage" VALUES('20251122-092000-00000f.1','claude-opus-4-5',90,63,9000,900,1.25);
CREATE INDEX attempt_by_run ON attempt (run_id, number);
CREATE INDEX attempt_by_start ON attempt (started_at, id, status, task_id, plan_path, plan_file, replayed);
CREATE INDEX attempt_by_ending ON attempt (substr(run_id, -4));
CREATE INDEX attempt_by_session ON attempt (session_id) WHERE session_id IS NOT NULL;
CREATE INDEX attempt_by_continued ON attempt (continues) WHERE continues IS NOT NULL;
CREATE INDEX attempt_open ON attempt (plan_path, task_id) WHERE ended_at IS NULL;
CREATE INDEX attempt_question ON attempt (started_at) WHERE status = 'needs_human' AND NOT replayed;
CREATE INDEX attempt_uncounted ON attempt (replayed, ended_at) WHERE replayed OR ended_at IS NULL;
CREATE INDEX attempt_duration ON attempt (replayed, status, duration_ms) WHERE status IS NOT NULL;
CREATE INDEX health_check_by_status ON health_check (status);
COMMIT;
