BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0003');
CREATE TABLE aliases (
	feed TEXT NOT NULL, 
	name TEXT NOT NULL, 
	post_id INTEGER NOT NULL, 
	CONSTRAINT pk_aliases PRIMARY KEY (feed, name), 
	CONSTRAINT fk_aliases_post_id FOREIGN KEY(post_id) REFERENCES posts (id)
);
INSERT INTO "aliases" VALUES('feed','name',1);
CREATE TABLE batches (
	id INTEGER NOT NULL, 
	edition_id TEXT NOT NULL, 
	channel TEXT DEFAULT '' NOT NULL, 
	via TEXT DEFAULT '' NOT NULL, 
	timezone TEXT DEFAULT '' NOT NULL, 
	first BIGINT NOT NULL, 
	last BIGINT NOT NULL, 
	due DATETIME NOT NULL, 
	fence INTEGER DEFAULT '0' NOT NULL, 
	lease_until DATETIME, 
	connections INTEGER DEFAULT '0' NOT NULL, 
	finished_at DATETIME, 
	CONSTRAINT pk_batches PRIMARY KEY (id), 
	CONSTRAINT fk_batches_edition_id FOREIGN KEY(edition_id) REFERENCES editions (id)
);
INSERT INTO "batches" VALUES(1,'f54e8e6068804d0896c6834e3fcd0858','mail','mail','',4294967297,4294967299,'2026-11-29 03:54:27.448496',1,NULL,0,'2026-11-29 03:54:27.618361');
CREATE TABLE choice_edits (
	id INTEGER NOT NULL, 
	run_id INTEGER NOT NULL, 
	post_id INTEGER NOT NULL, 
	what TEXT DEFAULT '' NOT NULL, 
	"by" TEXT DEFAULT '' NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_choice_edits PRIMARY KEY (id), 
	CONSTRAINT fk_choice_edits_post_id FOREIGN KEY(post_id) REFERENCES posts (id), 
	CONSTRAINT fk_choice_edits_run_id FOREIGN KEY(run_id) REFERENCES runs (id)
);
INSERT INTO "choice_edits" VALUES(1,2,1,'what','by','2026-11-24 08:00:00.000000');
CREATE TABLE choices (
	run_id INTEGER NOT NULL, 
	post_id INTEGER NOT NULL, 
	included BOOLEAN DEFAULT 0 NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_choices PRIMARY KEY (run_id, post_id), 
	CONSTRAINT fk_choices_post_id FOREIGN KEY(post_id) REFERENCES posts (id), 
	CONSTRAINT fk_choices_run_id FOREIGN KEY(run_id) REFERENCES runs (id)
);
INSERT INTO "choices" VALUES(1,1,1,'new');
INSERT INTO "choices" VALUES(2,2,1,'new');
CREATE TABLE consents (
	id INTEGER NOT NULL, 
	subscriber_id INTEGER NOT NULL, 
	audience TEXT DEFAULT '' NOT NULL, 
	state TEXT DEFAULT '' NOT NULL, 
	source TEXT DEFAULT '' NOT NULL, 
	given_at DATETIME, 
	recorded_at DATETIME NOT NULL, 
	CONSTRAINT pk_consents PRIMARY KEY (id), 
	CONSTRAINT fk_consents_subscriber_id FOREIGN KEY(subscriber_id) REFERENCES subscribers (id)
);
INSERT INTO "consents" VALUES(1,1,'readers','active','',NULL,'2026-11-29 03:54:26.763857');
INSERT INTO "consents" VALUES(2,2,'readers','active','',NULL,'2026-11-29 03:54:26.763857');
INSERT INTO "consents" VALUES(3,3,'readers','active','',NULL,'2026-11-29 03:54:26.763857');
INSERT INTO "consents" VALUES(4,3,'readers','ended','the team','2026-11-29 03:54:34.210509','2026-11-29 03:54:34.210509');
CREATE TABLE deliveries (
	id INTEGER NOT NULL, 
	channel TEXT DEFAULT '' NOT NULL, 
	recipient TEXT DEFAULT '' NOT NULL, 
	part TEXT DEFAULT '' NOT NULL, 
	subscriber_id BIGINT, 
	state TEXT DEFAULT '' NOT NULL, 
	attempt INTEGER DEFAULT '0' NOT NULL, 
	fence INTEGER DEFAULT '0' NOT NULL, 
	due DATETIME, 
	repeats_until DATETIME, 
	reason TEXT DEFAULT '' NOT NULL, 
	provider_id TEXT DEFAULT '' NOT NULL, 
	changed_at DATETIME NOT NULL, 
	reader BIGINT, 
	CONSTRAINT pk_deliveries PRIMARY KEY (id)
);
INSERT INTO "deliveries" VALUES(4294967297,'mail','ada@example.org','',1,'accepted',1,1,NULL,NULL,'','','2026-11-29 03:54:27.607730',NULL);
INSERT INTO "deliveries" VALUES(4294967298,'mail','grace@example.org','',2,'accepted',1,1,NULL,NULL,'','','2026-11-29 03:54:27.615741',NULL);
INSERT INTO "deliveries" VALUES(4294967299,'mail','left@example.org','',3,'accepted',1,1,NULL,NULL,'','','2026-11-29 03:54:27.615191',NULL);
CREATE TABLE edition_posts (
	edition_id TEXT NOT NULL, 
	post_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	CONSTRAINT pk_edition_posts PRIMARY KEY (edition_id, post_id), 
	CONSTRAINT fk_edition_posts_edition_id FOREIGN KEY(edition_id) REFERENCES editions (id), 
	CONSTRAINT fk_edition_posts_post_id FOREIGN KEY(post_id) REFERENCES posts (id)
);
INSERT INTO "edition_posts" VALUES('f54e8e6068804d0896c6834e3fcd0858',1,0);
INSERT INTO "edition_posts" VALUES('bab3de5d5a644b10a756f116fe412280',2,0);
CREATE TABLE editions (
	number INTEGER NOT NULL, 
	id TEXT NOT NULL, 
	campaign TEXT DEFAULT '' NOT NULL, 
	family TEXT DEFAULT '' NOT NULL, 
	slot TEXT DEFAULT '' NOT NULL, 
	audience TEXT DEFAULT '' NOT NULL, 
	state TEXT DEFAULT '' NOT NULL, 
	content TEXT DEFAULT '' NOT NULL, 
	approved_fingerprint TEXT DEFAULT '' NOT NULL, 
	approved_by TEXT DEFAULT '' NOT NULL, 
	approved_at DATETIME, 
	goes_out DATETIME, 
	reason TEXT DEFAULT '' NOT NULL, 
	ended_by TEXT DEFAULT '' NOT NULL, 
	review TEXT DEFAULT '' NOT NULL, 
	deadline DATETIME, 
	author TEXT DEFAULT '' NOT NULL, 
	note TEXT DEFAULT '' NOT NULL, 
	created_at DATETIME NOT NULL, 
	addressed_at DATETIME, 
	finished_at DATETIME, 
	totals TEXT DEFAULT '' NOT NULL, 
	addressed INTEGER DEFAULT '0' NOT NULL, 
	answered INTEGER DEFAULT '0' NOT NULL, 
	refused INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_editions PRIMARY KEY (number), 
	CONSTRAINT uq_editions_id UNIQUE (id)
);
INSERT INTO "editions" VALUES(1,'f54e8e6068804d0896c6834e3fcd0858','weekly','','2026-11-29T04:54:27.058797[Europe/Paris]','readers','finished','{"campaign":"weekly","earlier":[],"email":{"audience":"readers","failover":[],"offer":null,"pause_at":0.1,"segment":"","template":"plain","via":"mail"},"feeds":[{"link":"","name":"blog","title":"Blog"}],"intro":"","posts":[{"authors":[],"backlog":false,"comments_link":"","content":"","feed":"blog","first_seen":"2026-11-29T03:54:27.042533Z","full_text":"","guid":"1","hold":null,"id":1,"image":null,"language":"","licence_link":"","link":"https://blog.example/1","link_shared":false,"page_image":"","published":null,"revision":1,"rights":"","summary":"","title":"First light","topics":[],"updated":null}],"preheader":"","publisher":{"locale":"en","public_url":"https://news.example","sender":{"email":"letter@news.example","name":"The Letter"},"timezone":"Europe/Paris"},"sending":{"hours":{"business_days":false,"days_off":[],"quiet":null},"late":null,"local_time":false,"passed":"at once","slot":null,"timezone":"Europe/Paris"},"slot":"2026-11-29T04:54:27.058797","snippets":[],"social":[],"subject":"","templates":{"plain":{"digest.mjml":"<mjml><mj-body><mj-section><mj-column><mj-text>{% for post in edition.posts %}<p><a href=\"{{ post.link }}\">{{ post.title }}</a></p>{% endfor %}<a href=\"{{ links.unsubscribe }}\">Unsubscribe</a></mj-text></mj-column></mj-section></mj-body></mjml>","digest.txt":"{% for post in edition.posts %}{{ post.title }}\n{{ post.link }}\n{% endfor %}{{ links.unsubscribe }}\n","subject.txt":"News: {{ edition.posts[0].title }}"}},"title":"Weekly"}','8d6bc4c6cb43fb64d9a6ebc3527091c29bdb1ec5a685fdb58a9a925cff32817d','no approval needed','2026-11-29 03:54:27.399514','2026-11-29 03:54:27.399514','','','{"by": [], "needed": false, "other_than_author": false, "otherwise": "skip", "tell": [], "tell_via": ""}',NULL,'','','2026-11-29 03:54:27.399514','2026-11-29 03:54:27.448496','2026-11-29 03:54:27.637761','{"accepted": 3}',3,3,0);
INSERT INTO "editions" VALUES(2,'bab3de5d5a644b10a756f116fe412280','weekly','','2026-11-29T04:54:46.150737[Europe/Paris]','readers','in review','{"campaign":"weekly","earlier":[],"email":{"audience":"readers","failover":[],"offer":null,"pause_at":0.1,"segment":"","template":"plain","via":"mail"},"feeds":[{"link":"","name":"blog","title":"Blog"}],"intro":"","posts":[{"authors":[],"backlog":false,"comments_link":"","content":"","feed":"blog","first_seen":"2026-11-29T03:54:46.097943Z","full_text":"","guid":"2","hold":null,"id":2,"image":null,"language":"","licence_link":"","link":"https://blog.example/2","link_shared":false,"page_image":"","published":null,"revision":1,"rights":"","summary":"","title":"Second light","topics":[],"updated":null}],"preheader":"","publisher":{"locale":"en","public_url":"https://news.example","sender":{"email":"letter@news.example","name":"The Letter"},"timezone":"Europe/Paris"},"sending":{"hours":{"business_days":false,"days_off":[],"quiet":null},"late":null,"local_time":false,"passed":"at once","slot":null,"timezone":"Europe/Paris"},"slot":"2026-11-29T04:54:46.150737","snippets":[],"social":[],"subject":"","templates":{"plain":{"digest.mjml":"<mjml><mj-body><mj-section><mj-column><mj-text>{% for post in edition.posts %}<p><a href=\"{{ post.link }}\">{{ post.title }}</a></p>{% endfor %}<a href=\"{{ links.unsubscribe }}\">Unsubscribe</a></mj-text></mj-column></mj-section></mj-body></mjml>","digest.txt":"{% for post in edition.posts %}{{ post.title }}\n{{ post.link }}\n{% endfor %}{{ links.unsubscribe }}\n","subject.txt":"News: {{ edition.posts[0].title }}"}},"title":"Weekly"}','','',NULL,NULL,'','','{"by": [], "needed": true, "other_than_author": false, "otherwise": "skip", "tell": [], "tell_via": ""}',NULL,'','','2026-11-29 03:54:47.609225',NULL,NULL,'',0,0,0);
CREATE TABLE endings (
	mark TEXT NOT NULL, 
	what TEXT DEFAULT '' NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_endings PRIMARY KEY (mark)
);
INSERT INTO "endings" VALUES('565d1a70387ffe1fd351ccd8fd278218','left','2026-11-29 03:54:34.207213');
INSERT INTO "endings" VALUES('a6367e25896f564976b434581cad7b6a','suppressed','2026-11-29 03:54:40.015325');
CREATE TABLE endings_files (
	id TEXT NOT NULL, 
	taken_in BIGINT NOT NULL, 
	CONSTRAINT pk_endings_files PRIMARY KEY (id)
);
INSERT INTO "endings_files" VALUES('a79e48807c7525ec',202);
CREATE TABLE feeds (
	name TEXT NOT NULL, 
	url TEXT DEFAULT '' NOT NULL, 
	moved_to TEXT DEFAULT '' NOT NULL, 
	title TEXT DEFAULT '' NOT NULL, 
	link TEXT DEFAULT '' NOT NULL, 
	etag TEXT DEFAULT '' NOT NULL, 
	last_modified TEXT DEFAULT '' NOT NULL, 
	polled_at DATETIME, 
	succeeded_at DATETIME, 
	next_poll_at DATETIME, 
	failures INTEGER DEFAULT '0' NOT NULL, 
	problem TEXT DEFAULT '' NOT NULL, 
	gone BOOLEAN DEFAULT 0 NOT NULL, 
	body_hash TEXT DEFAULT '' NOT NULL, 
	every BIGINT, 
	usual_gap BIGINT, 
	longest_gap BIGINT, 
	last_post_at DATETIME, 
	next_poll_why TEXT DEFAULT '' NOT NULL, 
	hub TEXT DEFAULT '' NOT NULL, 
	topic TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_feeds PRIMARY KEY (name)
);
INSERT INTO "feeds" VALUES('blog','http://127.0.0.1:37637/feed.xml','','Blog','','','','2026-11-29 03:54:46.097943','2026-11-29 03:54:46.097943','2026-11-29 05:03:47.935810',0,'',0,'e045098e39b364f390e53419b8479aa11abe917a8e4e6d87d6f5a354ba646524',NULL,NULL,NULL,'2026-11-29 03:54:46.097943','how often the feed publishes is not known yet','','');
CREATE TABLE follows (
	campaign TEXT NOT NULL, 
	feed TEXT NOT NULL, 
	since DATETIME NOT NULL, 
	CONSTRAINT pk_follows PRIMARY KEY (campaign, feed)
);
INSERT INTO "follows" VALUES('weekly','blog','2026-11-29 03:54:26.751762');
CREATE TABLE identity (
	id TEXT NOT NULL, 
	age BIGINT DEFAULT '0' NOT NULL, 
	made_at DATETIME NOT NULL, 
	copied_at DATETIME, 
	doubtful_since DATETIME, 
	old_links BIGINT DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_identity PRIMARY KEY (id)
);
INSERT INTO "identity" VALUES('f0cbabae88fb8eda108af63547fbb3b7',2,'2026-11-29 03:54:26',NULL,NULL,0);
CREATE TABLE news (
	feed TEXT NOT NULL, 
	number BIGINT NOT NULL, 
	CONSTRAINT pk_news PRIMARY KEY (feed)
);
INSERT INTO "news" VALUES('blog',2);
CREATE TABLE notices (
	id INTEGER NOT NULL, 
	edition_id TEXT NOT NULL, 
	about TEXT DEFAULT '' NOT NULL, 
	address TEXT DEFAULT '' NOT NULL, 
	fingerprint TEXT DEFAULT '' NOT NULL, 
	said TEXT DEFAULT '' NOT NULL, 
	state TEXT DEFAULT '' NOT NULL, 
	made_at DATETIME NOT NULL, 
	due DATETIME NOT NULL, 
	attempt INTEGER DEFAULT '0' NOT NULL, 
	lease_until DATETIME, 
	accepted_at DATETIME, 
	reason TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_notices PRIMARY KEY (id), 
	CONSTRAINT fk_notices_edition_id FOREIGN KEY(edition_id) REFERENCES editions (id)
);
INSERT INTO "notices" VALUES(1,'bab3de5d5a644b10a756f116fe412280','about','address','fingerprint','said','state','2026-11-24 08:00:00.000000','2026-11-24 08:00:00.000000',1,'2026-11-24 08:00:00.000000','2026-11-24 08:00:00.000000','reason');
CREATE TABLE offers (
	id INTEGER NOT NULL, 
	family TEXT DEFAULT '' NOT NULL, 
	standard TEXT DEFAULT '' NOT NULL, 
	offered JSON NOT NULL, 
	since DATETIME NOT NULL, 
	CONSTRAINT pk_offers PRIMARY KEY (id)
);
INSERT INTO "offers" VALUES(1,'family','standard','["weekly"]','2026-11-24 08:00:00.000000');
CREATE TABLE paces (
	channel TEXT NOT NULL, 
	domain TEXT NOT NULL, 
	next_at DATETIME, 
	first_day DATE, 
	day DATE, 
	used INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_paces PRIMARY KEY (channel, domain)
);
INSERT INTO "paces" VALUES('mail','',NULL,NULL,NULL,0);
CREATE TABLE posts (
	id INTEGER NOT NULL, 
	feed TEXT DEFAULT '' NOT NULL, 
	identity TEXT DEFAULT '' NOT NULL, 
	guid TEXT DEFAULT '' NOT NULL, 
	link TEXT DEFAULT '' NOT NULL, 
	title TEXT DEFAULT '' NOT NULL, 
	summary TEXT DEFAULT '' NOT NULL, 
	content TEXT DEFAULT '' NOT NULL, 
	authors JSON NOT NULL, 
	topics JSON NOT NULL, 
	image_url TEXT DEFAULT '' NOT NULL, 
	image_alt TEXT DEFAULT '' NOT NULL, 
	language TEXT DEFAULT '' NOT NULL, 
	published DATETIME, 
	updated DATETIME, 
	first_seen DATETIME NOT NULL, 
	backlog BOOLEAN DEFAULT 0 NOT NULL, 
	revision INTEGER DEFAULT '1' NOT NULL, 
	comments_link TEXT DEFAULT '' NOT NULL, 
	licence_link TEXT DEFAULT '' NOT NULL, 
	rights TEXT DEFAULT '' NOT NULL, 
	link_key TEXT DEFAULT '' NOT NULL, 
	link_shared BOOLEAN DEFAULT 0 NOT NULL, 
	title_key TEXT DEFAULT '' NOT NULL, 
	text_key TEXT DEFAULT '' NOT NULL, 
	held_since DATETIME, 
	held_reason TEXT DEFAULT '' NOT NULL, 
	decision TEXT DEFAULT '' NOT NULL, 
	decided_by TEXT DEFAULT '' NOT NULL, 
	decided_at DATETIME, 
	full_text TEXT DEFAULT '' NOT NULL, 
	page_image TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_posts PRIMARY KEY (id), 
	CONSTRAINT uq_posts_feed_identity UNIQUE (feed, identity)
);
INSERT INTO "posts" VALUES(1,'blog','1','1','https://blog.example/1','First light','','','[]','[]','','','',NULL,NULL,'2026-11-29 03:54:27.042533',0,1,'','','','//blog.example/1',0,'first light','',NULL,'','','',NULL,'','');
INSERT INTO "posts" VALUES(2,'blog','2','2','https://blog.example/2','Second light','','','[]','[]','','','',NULL,NULL,'2026-11-29 03:54:46.097943',0,1,'','','','//blog.example/2',0,'second light','',NULL,'','','',NULL,'','');
CREATE TABLE pushes (
	id TEXT NOT NULL, 
	feed TEXT DEFAULT '' NOT NULL, 
	hub TEXT DEFAULT '' NOT NULL, 
	topic TEXT DEFAULT '' NOT NULL, 
	callback TEXT DEFAULT '' NOT NULL, 
	wish TEXT DEFAULT '' NOT NULL, 
	pending BOOLEAN DEFAULT 0 NOT NULL, 
	lease_until DATETIME, 
	next_at DATETIME NOT NULL, 
	failures INTEGER DEFAULT '0' NOT NULL, 
	problem TEXT DEFAULT '' NOT NULL, 
	heard_at DATETIME, 
	unsettled_until DATETIME, 
	ignored_at DATETIME, 
	missed INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_pushes PRIMARY KEY (id)
);
INSERT INTO "pushes" VALUES('id','feed','hub','topic','callback','wish',1,'2026-11-24 08:00:00.000000','2026-11-24 08:00:00.000000',1,'problem','2026-11-24 08:00:00.000000','2026-11-24 08:00:00.000000','2026-11-24 08:00:00.000000',1);
CREATE TABLE revisions (
	post_id INTEGER NOT NULL, 
	revision INTEGER NOT NULL, 
	replaced_at DATETIME NOT NULL, 
	title TEXT DEFAULT '' NOT NULL, 
	summary TEXT DEFAULT '' NOT NULL, 
	content TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_revisions PRIMARY KEY (post_id, revision), 
	CONSTRAINT fk_revisions_post_id FOREIGN KEY(post_id) REFERENCES posts (id)
);
INSERT INTO "revisions" VALUES(1,1,'2026-11-24 08:00:00.000000','title','summary','content');
CREATE TABLE runs (
	id INTEGER NOT NULL, 
	campaign TEXT DEFAULT '' NOT NULL, 
	slot TEXT DEFAULT '' NOT NULL, 
	manual BOOLEAN DEFAULT 0 NOT NULL, 
	moment DATETIME NOT NULL, 
	started_at DATETIME NOT NULL, 
	skipped TEXT DEFAULT '' NOT NULL, 
	never_used TEXT DEFAULT '' NOT NULL, 
	edition_id TEXT, 
	CONSTRAINT pk_runs PRIMARY KEY (id), 
	CONSTRAINT fk_runs_edition_id FOREIGN KEY(edition_id) REFERENCES editions (id), 
	CONSTRAINT uq_runs_campaign_slot UNIQUE (campaign, slot)
);
INSERT INTO "runs" VALUES(1,'weekly','2026-11-29T04:54:27.058797[Europe/Paris]',1,'2026-11-29 03:54:27.058797','2026-11-29 03:54:27.399514','','','f54e8e6068804d0896c6834e3fcd0858');
INSERT INTO "runs" VALUES(2,'weekly','2026-11-29T04:54:46.150737[Europe/Paris]',1,'2026-11-29 03:54:46.150737','2026-11-29 03:54:47.609225','','','bab3de5d5a644b10a756f116fe412280');
CREATE TABLE schedules (
	campaign TEXT NOT NULL, 
	words TEXT DEFAULT '' NOT NULL, 
	since DATETIME NOT NULL, 
	CONSTRAINT pk_schedules PRIMARY KEY (campaign)
);
INSERT INTO "schedules" VALUES('weekly','','2026-11-29 03:54:26.751762');
CREATE TABLE stops (
	channel TEXT NOT NULL, 
	until DATETIME, 
	reason TEXT DEFAULT '' NOT NULL, 
	failures INTEGER DEFAULT '0' NOT NULL, 
	down BOOLEAN DEFAULT 0 NOT NULL, 
	CONSTRAINT pk_stops PRIMARY KEY (channel)
);
INSERT INTO "stops" VALUES('channel','2026-11-24 08:00:00.000000','reason',1,1);
CREATE TABLE subscribers (
	id INTEGER NOT NULL, 
	email TEXT DEFAULT '' NOT NULL, 
	email_key TEXT NOT NULL, 
	name TEXT DEFAULT '' NOT NULL, 
	locale TEXT DEFAULT '' NOT NULL, 
	timezone TEXT DEFAULT '' NOT NULL, 
	topics JSON NOT NULL, 
	cadence TEXT DEFAULT '' NOT NULL, 
	cadence_own BOOLEAN DEFAULT 0 NOT NULL, 
	cadence_since DATETIME, 
	fields JSON NOT NULL, public_id TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_subscribers PRIMARY KEY (id), 
	CONSTRAINT uq_subscribers_email_key UNIQUE (email_key)
);
INSERT INTO "subscribers" VALUES(1,'ada@example.org','ada@example.org','','','','[]','',0,NULL,'{}','b0e1e0d8e2f849baaa1a17ee19473795');
INSERT INTO "subscribers" VALUES(2,'grace@example.org','grace@example.org','','','','[]','',0,NULL,'{}','ba1d03d636d6454b84cee7f4607a23e2');
INSERT INTO "subscribers" VALUES(3,'left@example.org','left@example.org','','','','[]','',0,NULL,'{}','c0876765cf6947bc8777c530ee70bb57');
CREATE TABLE subscriptions (
	subscriber_id INTEGER NOT NULL, 
	audience TEXT NOT NULL, 
	state TEXT DEFAULT '' NOT NULL, 
	since DATETIME NOT NULL, 
	CONSTRAINT pk_subscriptions PRIMARY KEY (subscriber_id, audience), 
	CONSTRAINT fk_subscriptions_subscriber_id FOREIGN KEY(subscriber_id) REFERENCES subscribers (id)
);
INSERT INTO "subscriptions" VALUES(1,'readers','active','2026-11-29 03:54:26.763857');
INSERT INTO "subscriptions" VALUES(2,'readers','active','2026-11-29 03:54:26.763857');
INSERT INTO "subscriptions" VALUES(3,'readers','ended','2026-11-29 03:54:34.210509');
CREATE TABLE suppressions (
	email_key TEXT NOT NULL, 
	email TEXT DEFAULT '' NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL, 
	since DATETIME NOT NULL, 
	CONSTRAINT pk_suppressions PRIMARY KEY (email_key)
);
INSERT INTO "suppressions" VALUES('gone@example.org','gone@example.org','asked by letter','2026-11-29 03:54:40.016070');
CREATE INDEX ix_editions_campaign ON editions (campaign);
CREATE INDEX ix_editions_family ON editions (family);
CREATE INDEX ix_editions_state ON editions (state);
CREATE INDEX ix_pushes_feed ON pushes (feed);
CREATE INDEX ix_posts_feed_link_key ON posts (feed, link_key);
CREATE INDEX ix_posts_feed_title_key ON posts (feed, title_key);
CREATE INDEX ix_posts_feed_text_key ON posts (feed, text_key);
CREATE INDEX ix_posts_feed_published ON posts (feed, published);
CREATE INDEX ix_posts_held ON posts (held_since) WHERE held_since IS NOT NULL;
CREATE INDEX ix_subscribers_cadence_since ON subscribers (cadence_since) WHERE cadence_since IS NOT NULL;
CREATE INDEX ix_consents_subscriber_id ON consents (subscriber_id);
CREATE UNIQUE INDEX ix_deliveries_reader ON deliveries (reader) WHERE reader IS NOT NULL;
CREATE INDEX ix_batches_open ON batches (edition_id, id) WHERE finished_at IS NULL;
CREATE INDEX ix_edition_posts_post_id ON edition_posts (post_id);
CREATE INDEX ix_notices_edition_id ON notices (edition_id);
CREATE INDEX ix_notices_waiting ON notices (due) WHERE state = 'waiting';
CREATE INDEX ix_runs_campaign_moment ON runs (campaign, moment);
CREATE INDEX ix_runs_edition_id ON runs (edition_id);
CREATE INDEX ix_offers_family ON offers (family);
CREATE INDEX ix_choice_edits_run_id ON choice_edits (run_id);
CREATE UNIQUE INDEX ix_subscribers_public_id ON subscribers (public_id);
COMMIT;
