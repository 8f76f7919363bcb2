-- A store of berth 0.1, as `sqlite3 .dump` tells it: two releases, a run that failed, a workload that is stopped and suspended.
PRAGMA application_id = 1650815604;
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
CREATE TABLE journal (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  run TEXT NOT NULL REFERENCES runs (id),
  action TEXT NOT NULL,
  event TEXT NOT NULL,
  at INTEGER NOT NULL,
  message TEXT
) STRICT;
CREATE TABLE keys (
  name TEXT PRIMARY KEY NOT NULL,
  bytes BLOB NOT NULL
) STRICT;
CREATE TABLE locks (
  namespace TEXT NOT NULL,
  workload TEXT NOT NULL,
  token TEXT NOT NULL,
  holder TEXT NOT NULL,
  since INTEGER NOT NULL,
  beat INTEGER NOT NULL,
  processID INTEGER,
  processStart INTEGER,
  processNamespace TEXT,
  boot TEXT,
  machine TEXT,
  PRIMARY KEY (namespace, workload)
) STRICT;
CREATE TABLE operatorStates (
  namespace TEXT NOT NULL,
  workload TEXT NOT NULL,
  state TEXT NOT NULL,
  PRIMARY KEY (namespace, workload)
) STRICT;
CREATE TABLE releases (
  namespace TEXT NOT NULL,
  workload TEXT NOT NULL,
  number INTEGER NOT NULL,
  snapshot TEXT,
  snapshotVersion INTEGER NOT NULL,
  snapshotChecksum TEXT,
  recordedAt INTEGER NOT NULL,
  recordedBy TEXT NOT NULL,
  run TEXT NOT NULL REFERENCES runs (id),
  provenance TEXT NOT NULL,
  restoredFrom INTEGER,
  setName TEXT,
  PRIMARY KEY (namespace, workload, number)
) STRICT;
CREATE TABLE runs (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  namespace TEXT NOT NULL,
  workload TEXT NOT NULL,
  intent TEXT NOT NULL,
  startedAt INTEGER NOT NULL,
  endedAt INTEGER,
  outcome TEXT NOT NULL,
  startedBy TEXT NOT NULL,
  summary TEXT NOT NULL,
  failure TEXT,
  releaseNumber INTEGER,
  savedPlan TEXT
) STRICT;
INSERT INTO "runs" VALUES(1,'20261129t012346z-bdb5b0','default','shop','apply',1795915426011,1795915426850,'succeeded','ada@build','create 1, record 1',NULL,1,NULL);
INSERT INTO "runs" VALUES(2,'20261129t012347z-18bf2e','default','shop','apply',1795915427074,1795915427962,'succeeded','ada@build','create 1, delete 1, record 1',NULL,2,NULL);
INSERT INTO "runs" VALUES(3,'20261129t012348z-28bcb6','default','shop','apply',1795915428415,1795915430287,'failed','ada@build','create 1, delete 1, record 1','create 0_g2.api: exited with code 1 before it was ready, 3 times',NULL,NULL);
INSERT INTO "runs" VALUES(4,'20261129t012350z-0c9fa4','default','shop','apply',1795915430573,1795915430642,'succeeded','ada@build','delete 1',NULL,NULL,NULL);
INSERT INTO "runs" VALUES(5,'20261129t012350z-d6da25','default','shop','stop',1795915430927,1795915430969,'succeeded','ada@build','stop 1, record 1',NULL,NULL,NULL);
INSERT INTO "runs" VALUES(6,'20261129t012351z-f8acca','default','shop','suspend',1795915431155,1795915431157,'succeeded','ada@build','record 1',NULL,NULL,NULL);
INSERT INTO "grdb_migrations" VALUES('1');
INSERT INTO "grdb_migrations" VALUES('2 operator states');
INSERT INTO "journal" VALUES(1,'20261129t012346z-bdb5b0','create 0','intended',1795915426019,NULL);
INSERT INTO "journal" VALUES(2,'20261129t012346z-bdb5b0','create 0','succeeded',1795915426336,NULL);
INSERT INTO "journal" VALUES(3,'20261129t012346z-bdb5b0','create 0.api','intended',1795915426337,NULL);
INSERT INTO "journal" VALUES(4,'20261129t012346z-bdb5b0','create 0.api','succeeded',1795915426849,NULL);
INSERT INTO "journal" VALUES(5,'20261129t012347z-18bf2e','create 0_g1','intended',1795915427077,NULL);
INSERT INTO "journal" VALUES(6,'20261129t012347z-18bf2e','create 0_g1','succeeded',1795915427342,NULL);
INSERT INTO "journal" VALUES(7,'20261129t012347z-18bf2e','create 0_g1.api','intended',1795915427345,NULL);
INSERT INTO "journal" VALUES(8,'20261129t012347z-18bf2e','create 0_g1.api','succeeded',1795915427855,NULL);
INSERT INTO "journal" VALUES(9,'20261129t012347z-18bf2e','delete 0.api','intended',1795915427859,NULL);
INSERT INTO "journal" VALUES(10,'20261129t012347z-18bf2e','delete 0.api','succeeded',1795915427907,NULL);
INSERT INTO "journal" VALUES(11,'20261129t012347z-18bf2e','delete 0','intended',1795915427910,NULL);
INSERT INTO "journal" VALUES(12,'20261129t012347z-18bf2e','delete 0','succeeded',1795915427960,NULL);
INSERT INTO "journal" VALUES(13,'20261129t012348z-28bcb6','create 0_g2','intended',1795915428425,NULL);
INSERT INTO "journal" VALUES(14,'20261129t012348z-28bcb6','create 0_g2','succeeded',1795915428686,NULL);
INSERT INTO "journal" VALUES(15,'20261129t012348z-28bcb6','create 0_g2.api','intended',1795915428687,NULL);
INSERT INTO "journal" VALUES(16,'20261129t012348z-28bcb6','create 0_g2.api','failed',1795915430286,'exited with code 1 before it was ready, 3 times');
INSERT INTO "journal" VALUES(17,'20261129t012350z-0c9fa4','delete 0_g2.api','intended',1795915430575,NULL);
INSERT INTO "journal" VALUES(18,'20261129t012350z-0c9fa4','delete 0_g2.api','succeeded',1795915430585,NULL);
INSERT INTO "journal" VALUES(19,'20261129t012350z-0c9fa4','delete 0_g2','intended',1795915430585,NULL);
INSERT INTO "journal" VALUES(20,'20261129t012350z-0c9fa4','delete 0_g2','succeeded',1795915430640,NULL);
INSERT INTO "journal" VALUES(21,'20261129t012350z-d6da25','stop 0_g1.api','intended',1795915430929,NULL);
INSERT INTO "journal" VALUES(22,'20261129t012350z-d6da25','stop 0_g1.api','succeeded',1795915430965,NULL);
INSERT INTO "keys" VALUES('digest',X'0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO "operatorStates" VALUES('default','shop','{"stopped":[{"ordinal":null,"service":null}],"suspension":{"reason":"moving","by":"ada@build","since":1795915431100},"rollout":null}');
INSERT INTO "releases" VALUES('default','shop',1,'{"name":"shop","kind":"deployment","replicas":1,"strategy":{"type":"rolling","maxSurge":1,"maxUnavailable":0},"labels":{"team":"checkout"},"services":[{"name":"api","role":"main","image":"registry.example.com/shop/api:2.4.1","command":["/bin/sleep","300"],"env":{"GREETING":"naïve \"quoted\"\n","LOG_LEVEL":"info"},"configFiles":[{"name":"app","path":"/etc/shop/config.yaml","format":"yaml","content":"workers: 4\n"}],"restart":"always","stopGrace":"10s","pullPolicy":"missing"}]}',1,'a2dacc4fa83037bd608f0b69325785cf2ba9e0b9b9f0f8b33c76d95265005de6',1795915426850,'ada@build','20261129t012346z-bdb5b0','{}',NULL,NULL);
INSERT INTO "releases" VALUES('default','shop',2,'{"name":"shop","kind":"deployment","replicas":1,"strategy":{"type":"rolling","maxSurge":1,"maxUnavailable":0},"labels":{"team":"checkout"},"services":[{"name":"api","role":"main","image":"registry.example.com/shop/api:2.4.2","command":["/bin/sleep","301"],"env":{"GREETING":"naïve \"quoted\"\n","LOG_LEVEL":"info"},"configFiles":[{"name":"app","path":"/etc/shop/config.yaml","format":"yaml","content":"workers: 4\n"}],"restart":"always","stopGrace":"10s","pullPolicy":"missing"}]}',1,'50cb715c912daeb3614d92455d0e3fb47a0682ad7452fee8537213602fe3d133',1795915427962,'ada@build','20261129t012347z-18bf2e','{}',NULL,'shop-prod');
CREATE INDEX runsByWorkload ON runs (namespace, workload, sequence);
CREATE TRIGGER releasesAreImmutable BEFORE UPDATE ON releases
BEGIN
  SELECT RAISE(ABORT, 'a release is immutable');
END;
CREATE INDEX journalByRun ON journal (run, sequence);
