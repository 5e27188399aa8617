CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.aliases (
    feed text NOT NULL,
    name text NOT NULL,
    post_id bigint NOT NULL
);
CREATE TABLE public.batches (
    id bigint NOT NULL,
    edition_id text NOT NULL,
    channel text DEFAULT ''::text NOT NULL,
    via text DEFAULT ''::text NOT NULL,
    timezone text DEFAULT ''::text NOT NULL,
    first bigint NOT NULL,
    last bigint NOT NULL,
    due timestamp with time zone NOT NULL,
    fence integer DEFAULT 0 NOT NULL,
    lease_until timestamp with time zone,
    connections integer DEFAULT 0 NOT NULL,
    finished_at timestamp with time zone
)
WITH (fillfactor='70');
CREATE SEQUENCE public.batches_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.batches_id_seq OWNED BY public.batches.id;
CREATE TABLE public.choice_edits (
    id bigint NOT NULL,
    run_id bigint NOT NULL,
    post_id bigint NOT NULL,
    what text DEFAULT ''::text NOT NULL,
    by text DEFAULT ''::text NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.choice_edits_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.choice_edits_id_seq OWNED BY public.choice_edits.id;
CREATE TABLE public.choices (
    run_id bigint NOT NULL,
    post_id bigint NOT NULL,
    included boolean DEFAULT false NOT NULL,
    reason text DEFAULT ''::text NOT NULL
);
CREATE TABLE public.consents (
    id bigint NOT NULL,
    subscriber_id bigint NOT NULL,
    audience text DEFAULT ''::text NOT NULL,
    state text DEFAULT ''::text NOT NULL,
    source text DEFAULT ''::text NOT NULL,
    given_at timestamp with time zone,
    recorded_at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.consents_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.consents_id_seq OWNED BY public.consents.id;
CREATE TABLE public.deliveries (
    id bigint NOT NULL,
    channel text DEFAULT ''::text NOT NULL,
    recipient text DEFAULT ''::text NOT NULL,
    part text DEFAULT ''::text NOT NULL,
    subscriber_id bigint,
    state text DEFAULT ''::text NOT NULL,
    attempt integer DEFAULT 0 NOT NULL,
    fence integer DEFAULT 0 NOT NULL,
    due timestamp with time zone,
    repeats_until timestamp with time zone,
    reason text DEFAULT ''::text NOT NULL,
    provider_id text DEFAULT ''::text NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    reader bigint
)
WITH (fillfactor='70');
CREATE TABLE public.edition_posts (
    edition_id text NOT NULL,
    post_id bigint NOT NULL,
    "position" integer NOT NULL
);
CREATE TABLE public.editions (
    number bigint NOT NULL,
    id text NOT NULL,
    campaign text DEFAULT ''::text NOT NULL,
    family text DEFAULT ''::text NOT NULL,
    slot text DEFAULT ''::text NOT NULL,
    audience text DEFAULT ''::text NOT NULL,
    state text DEFAULT ''::text NOT NULL,
    content text DEFAULT ''::text NOT NULL,
    approved_fingerprint text DEFAULT ''::text NOT NULL,
    approved_by text DEFAULT ''::text NOT NULL,
    approved_at timestamp with time zone,
    goes_out timestamp with time zone,
    reason text DEFAULT ''::text NOT NULL,
    ended_by text DEFAULT ''::text NOT NULL,
    review text DEFAULT ''::text NOT NULL,
    deadline timestamp with time zone,
    author text DEFAULT ''::text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    addressed_at timestamp with time zone,
    finished_at timestamp with time zone,
    totals text DEFAULT ''::text NOT NULL,
    addressed integer DEFAULT 0 NOT NULL,
    answered integer DEFAULT 0 NOT NULL,
    refused integer DEFAULT 0 NOT NULL
);
CREATE SEQUENCE public.editions_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.editions_number_seq OWNED BY public.editions.number;
CREATE TABLE public.endings (
    mark text NOT NULL,
    what text DEFAULT ''::text NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE TABLE public.endings_files (
    id text NOT NULL,
    taken_in bigint NOT NULL
);
CREATE TABLE public.feeds (
    name text NOT NULL,
    url text DEFAULT ''::text NOT NULL,
    moved_to text DEFAULT ''::text NOT NULL,
    title text DEFAULT ''::text NOT NULL,
    link text DEFAULT ''::text NOT NULL,
    etag text DEFAULT ''::text NOT NULL,
    last_modified text DEFAULT ''::text NOT NULL,
    polled_at timestamp with time zone,
    succeeded_at timestamp with time zone,
    next_poll_at timestamp with time zone,
    failures integer DEFAULT 0 NOT NULL,
    problem text DEFAULT ''::text NOT NULL,
    gone boolean DEFAULT false NOT NULL,
    body_hash text DEFAULT ''::text NOT NULL,
    every bigint,
    usual_gap bigint,
    longest_gap bigint,
    last_post_at timestamp with time zone,
    next_poll_why text DEFAULT ''::text NOT NULL,
    hub text DEFAULT ''::text NOT NULL,
    topic text DEFAULT ''::text NOT NULL
);
CREATE TABLE public.follows (
    campaign text NOT NULL,
    feed text NOT NULL,
    since timestamp with time zone NOT NULL
);
CREATE TABLE public.identity (
    id text NOT NULL,
    age bigint DEFAULT '0'::bigint NOT NULL,
    made_at timestamp with time zone NOT NULL,
    copied_at timestamp with time zone,
    doubtful_since timestamp with time zone,
    old_links bigint DEFAULT '0'::bigint NOT NULL
);
CREATE TABLE public.news (
    feed text NOT NULL,
    number bigint NOT NULL
);
CREATE TABLE public.notices (
    id bigint NOT NULL,
    edition_id text NOT NULL,
    about text DEFAULT ''::text NOT NULL,
    address text DEFAULT ''::text NOT NULL,
    fingerprint text DEFAULT ''::text NOT NULL,
    said text DEFAULT ''::text NOT NULL,
    state text DEFAULT ''::text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    due timestamp with time zone NOT NULL,
    attempt integer DEFAULT 0 NOT NULL,
    lease_until timestamp with time zone,
    accepted_at timestamp with time zone,
    reason text DEFAULT ''::text NOT NULL
);
CREATE SEQUENCE public.notices_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.notices_id_seq OWNED BY public.notices.id;
CREATE TABLE public.offers (
    id bigint NOT NULL,
    family text DEFAULT ''::text NOT NULL,
    standard text DEFAULT ''::text NOT NULL,
    offered json NOT NULL,
    since timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.offers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.offers_id_seq OWNED BY public.offers.id;
CREATE TABLE public.paces (
    channel text NOT NULL,
    domain text NOT NULL,
    next_at timestamp with time zone,
    first_day date,
    day date,
    used integer DEFAULT 0 NOT NULL
);
CREATE TABLE public.posts (
    id bigint NOT NULL,
    feed text DEFAULT ''::text NOT NULL,
    identity text DEFAULT ''::text NOT NULL,
    guid text DEFAULT ''::text NOT NULL,
    link text DEFAULT ''::text NOT NULL,
    title text DEFAULT ''::text NOT NULL,
    summary text DEFAULT ''::text NOT NULL,
    content text DEFAULT ''::text NOT NULL,
    authors json NOT NULL,
    topics json NOT NULL,
    image_url text DEFAULT ''::text NOT NULL,
    image_alt text DEFAULT ''::text NOT NULL,
    language text DEFAULT ''::text NOT NULL,
    published timestamp with time zone,
    updated timestamp with time zone,
    first_seen timestamp with time zone NOT NULL,
    backlog boolean DEFAULT false NOT NULL,
    revision integer DEFAULT 1 NOT NULL,
    comments_link text DEFAULT ''::text NOT NULL,
    licence_link text DEFAULT ''::text NOT NULL,
    rights text DEFAULT ''::text NOT NULL,
    link_key text DEFAULT ''::text NOT NULL,
    link_shared boolean DEFAULT false NOT NULL,
    title_key text DEFAULT ''::text NOT NULL,
    text_key text DEFAULT ''::text NOT NULL,
    held_since timestamp with time zone,
    held_reason text DEFAULT ''::text NOT NULL,
    decision text DEFAULT ''::text NOT NULL,
    decided_by text DEFAULT ''::text NOT NULL,
    decided_at timestamp with time zone,
    full_text text DEFAULT ''::text NOT NULL,
    page_image text DEFAULT ''::text NOT NULL
);
CREATE SEQUENCE public.posts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.posts_id_seq OWNED BY public.posts.id;
CREATE TABLE public.pushes (
    id text NOT NULL,
    feed text DEFAULT ''::text NOT NULL,
    hub text DEFAULT ''::text NOT NULL,
    topic text DEFAULT ''::text NOT NULL,
    callback text DEFAULT ''::text NOT NULL,
    wish text DEFAULT ''::text NOT NULL,
    pending boolean DEFAULT false NOT NULL,
    lease_until timestamp with time zone,
    next_at timestamp with time zone NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    problem text DEFAULT ''::text NOT NULL,
    heard_at timestamp with time zone,
    unsettled_until timestamp with time zone,
    ignored_at timestamp with time zone,
    missed integer DEFAULT 0 NOT NULL
);
CREATE TABLE public.revisions (
    post_id bigint NOT NULL,
    revision integer NOT NULL,
    replaced_at timestamp with time zone NOT NULL,
    title text DEFAULT ''::text NOT NULL,
    summary text DEFAULT ''::text NOT NULL,
    content text DEFAULT ''::text NOT NULL
);
CREATE TABLE public.runs (
    id bigint NOT NULL,
    campaign text DEFAULT ''::text NOT NULL,
    slot text DEFAULT ''::text NOT NULL,
    manual boolean DEFAULT false NOT NULL,
    moment timestamp with time zone NOT NULL,
    started_at timestamp with time zone NOT NULL,
    skipped text DEFAULT ''::text NOT NULL,
    never_used text DEFAULT ''::text NOT NULL,
    edition_id text
);
CREATE SEQUENCE public.runs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.runs_id_seq OWNED BY public.runs.id;
CREATE TABLE public.schedules (
    campaign text NOT NULL,
    words text DEFAULT ''::text NOT NULL,
    since timestamp with time zone NOT NULL
);
CREATE TABLE public.stops (
    channel text NOT NULL,
    until timestamp with time zone,
    reason text DEFAULT ''::text NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    down boolean DEFAULT false NOT NULL
);
CREATE TABLE public.subscribers (
    id bigint NOT NULL,
    email text DEFAULT ''::text NOT NULL,
    email_key text NOT NULL,
    name text DEFAULT ''::text NOT NULL,
    locale text DEFAULT ''::text NOT NULL,
    timezone text DEFAULT ''::text NOT NULL,
    topics json NOT NULL,
    cadence text DEFAULT ''::text NOT NULL,
    cadence_own boolean DEFAULT false NOT NULL,
    cadence_since timestamp with time zone,
    fields json NOT NULL,
    public_id text DEFAULT ''::text NOT NULL
);
CREATE SEQUENCE public.subscribers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.subscribers_id_seq OWNED BY public.subscribers.id;
CREATE TABLE public.subscriptions (
    subscriber_id bigint NOT NULL,
    audience text NOT NULL,
    state text DEFAULT ''::text NOT NULL,
    since timestamp with time zone NOT NULL
);
CREATE TABLE public.suppressions (
    email_key text NOT NULL,
    email text DEFAULT ''::text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    since timestamp with time zone NOT NULL
);
ALTER TABLE ONLY public.batches ALTER COLUMN id SET DEFAULT nextval('public.batches_id_seq'::regclass);
ALTER TABLE ONLY public.choice_edits ALTER COLUMN id SET DEFAULT nextval('public.choice_edits_id_seq'::regclass);
ALTER TABLE ONLY public.consents ALTER COLUMN id SET DEFAULT nextval('public.consents_id_seq'::regclass);
ALTER TABLE ONLY public.editions ALTER COLUMN number SET DEFAULT nextval('public.editions_number_seq'::regclass);
ALTER TABLE ONLY public.notices ALTER COLUMN id SET DEFAULT nextval('public.notices_id_seq'::regclass);
ALTER TABLE ONLY public.offers ALTER COLUMN id SET DEFAULT nextval('public.offers_id_seq'::regclass);
ALTER TABLE ONLY public.posts ALTER COLUMN id SET DEFAULT nextval('public.posts_id_seq'::regclass);
ALTER TABLE ONLY public.runs ALTER COLUMN id SET DEFAULT nextval('public.runs_id_seq'::regclass);
ALTER TABLE ONLY public.subscribers ALTER COLUMN id SET DEFAULT nextval('public.subscribers_id_seq'::regclass);
INSERT INTO public.alembic_version VALUES ('0003');
INSERT INTO public.aliases VALUES ('feed', 'name', 1);
INSERT INTO public.batches VALUES (1, 'eed1de5aed86472cabde783db6574815', 'mail', 'mail', '', 4294967297, 4294967299, '2026-11-29 03:54:58.333353+00', 1, NULL, 0, '2026-11-29 03:54:58.758893+00');
INSERT INTO public.choice_edits VALUES (1, 2, 1, 'what', 'by', '2026-11-24 08:00:00+00');
INSERT INTO public.choices VALUES (2, 1, true, 'new');
INSERT INTO public.choices VALUES (4, 2, true, 'new');
INSERT INTO public.consents VALUES (1, 1, 'readers', 'active', '', NULL, '2026-11-29 03:54:57.452679+00');
INSERT INTO public.consents VALUES (2, 2, 'readers', 'active', '', NULL, '2026-11-29 03:54:57.452679+00');
INSERT INTO public.consents VALUES (3, 3, 'readers', 'active', '', NULL, '2026-11-29 03:54:57.452679+00');
INSERT INTO public.consents VALUES (4, 3, 'readers', 'ended', 'the team', '2026-11-29 03:55:02.139386+00', '2026-11-29 03:55:02.139386+00');
INSERT INTO public.deliveries VALUES (4294967297, 'mail', 'ada@example.org', '', 1, 'accepted', 1, 1, NULL, NULL, '', '', '2026-11-29 03:54:58.722907+00', NULL);
INSERT INTO public.deliveries VALUES (4294967298, 'mail', 'grace@example.org', '', 2, 'accepted', 1, 1, NULL, NULL, '', '', '2026-11-29 03:54:58.729569+00', NULL);
INSERT INTO public.deliveries VALUES (4294967299, 'mail', 'left@example.org', '', 3, 'accepted', 1, 1, NULL, NULL, '', '', '2026-11-29 03:54:58.751569+00', NULL);
INSERT INTO public.edition_posts VALUES ('eed1de5aed86472cabde783db6574815', 1, 0);
INSERT INTO public.edition_posts VALUES ('5a22ce034d3f4a48abc90166d8551e59', 2, 0);
INSERT INTO public.editions VALUES (1, 'eed1de5aed86472cabde783db6574815', 'weekly', '', '2026-11-29T04:54:57.771654[Europe/Paris]', 'readers', 'finished', '{"campaign":"weekly","earlier":[],"email":{"audience":"readers","failover":[],"offer":null,"pause_at":0.1,"segment":"","template":"plain","via":"mail"},"feeds":[{"link":"","name":"blog","title":"Blog"}],"intro":"","posts":[{"authors":[],"backlog":false,"comments_link":"","content":"","feed":"blog","first_seen":"2026-11-29T03:54:57.741844Z","full_text":"","guid":"1","hold":null,"id":1,"image":null,"language":"","licence_link":"","link":"https://blog.example/1","link_shared":false,"page_image":"","published":null,"revision":1,"rights":"","summary":"","title":"First light","topics":[],"updated":null}],"preheader":"","publisher":{"locale":"en","public_url":"https://news.example","sender":{"email":"letter@news.example","name":"The Letter"},"timezone":"Europe/Paris"},"sending":{"hours":{"business_days":false,"days_off":[],"quiet":null},"late":null,"local_time":false,"passed":"at once","slot":null,"timezone":"Europe/Paris"},"slot":"2026-11-29T04:54:57.771654","snippets":[],"social":[],"subject":"","templates":{"plain":{"digest.mjml":"<mjml><mj-body><mj-section><mj-column><mj-text>{% for post in edition.posts %}<p><a href=\"{{ post.link }}\">{{ post.title }}</a></p>{% endfor %}<a href=\"{{ links.unsubscribe }}\">Unsubscribe</a></mj-text></mj-column></mj-section></mj-body></mjml>","digest.txt":"{% for post in edition.posts %}{{ post.title }}\n{{ post.link }}\n{% endfor %}{{ links.unsubscribe }}\n","subject.txt":"News: {{ edition.posts[0].title }}"}},"title":"Weekly"}', 'b217b6287ef55841904e7707bdbd5d7bb6f28a19c9fba02775cbc32c748282a4', 'no approval needed', '2026-11-29 03:54:58.291815+00', '2026-11-29 03:54:58.291815+00', '', '', '{"by": [], "needed": false, "other_than_author": false, "otherwise": "skip", "tell": [], "tell_via": ""}', NULL, '', '', '2026-11-29 03:54:58.291815+00', '2026-11-29 03:54:58.333353+00', '2026-11-29 03:54:58.778788+00', '{"accepted": 3}', 3, 3, 0);
INSERT INTO public.editions VALUES (2, '5a22ce034d3f4a48abc90166d8551e59', 'weekly', '', '2026-11-29T04:55:05.950567[Europe/Paris]', 'readers', 'in review', '{"campaign":"weekly","earlier":[],"email":{"audience":"readers","failover":[],"offer":null,"pause_at":0.1,"segment":"","template":"plain","via":"mail"},"feeds":[{"link":"","name":"blog","title":"Blog"}],"intro":"","posts":[{"authors":[],"backlog":false,"comments_link":"","content":"","feed":"blog","first_seen":"2026-11-29T03:55:05.926055Z","full_text":"","guid":"2","hold":null,"id":2,"image":null,"language":"","licence_link":"","link":"https://blog.example/2","link_shared":false,"page_image":"","published":null,"revision":1,"rights":"","summary":"","title":"Second light","topics":[],"updated":null}],"preheader":"","publisher":{"locale":"en","public_url":"https://news.example","sender":{"email":"letter@news.example","name":"The Letter"},"timezone":"Europe/Paris"},"sending":{"hours":{"business_days":false,"days_off":[],"quiet":null},"late":null,"local_time":false,"passed":"at once","slot":null,"timezone":"Europe/Paris"},"slot":"2026-11-29T04:55:05.950567","snippets":[],"social":[],"subject":"","templates":{"plain":{"digest.mjml":"<mjml><mj-body><mj-section><mj-column><mj-text>{% for post in edition.posts %}<p><a href=\"{{ post.link }}\">{{ post.title }}</a></p>{% endfor %}<a href=\"{{ links.unsubscribe }}\">Unsubscribe</a></mj-text></mj-column></mj-section></mj-body></mjml>","digest.txt":"{% for post in edition.posts %}{{ post.title }}\n{{ post.link }}\n{% endfor %}{{ links.unsubscribe }}\n","subject.txt":"News: {{ edition.posts[0].title }}"}},"title":"Weekly"}', '', '', NULL, NULL, '', '', '{"by": [], "needed": true, "other_than_author": false, "otherwise": "skip", "tell": [], "tell_via": ""}', NULL, '', '', '2026-11-29 03:55:06.323788+00', NULL, NULL, '', 0, 0, 0);
INSERT INTO public.endings VALUES ('dbf5e29c9d0d882c48a38814f088e7e9', 'left', '2026-11-29 03:55:02.132111+00');
INSERT INTO public.endings VALUES ('fe8fd3fec7e43a833901ce751aec9309', 'suppressed', '2026-11-29 03:55:04.157269+00');
INSERT INTO public.endings_files VALUES ('6b417c8bfab26bef', 202);
INSERT INTO public.feeds VALUES ('blog', 'http://127.0.0.1:37637/feed.xml', '', 'Blog', '', '', '', '2026-11-29 03:55:05.926055+00', '2026-11-29 03:55:05.926055+00', '2026-11-29 04:57:44.659711+00', 0, '', false, 'e045098e39b364f390e53419b8479aa11abe917a8e4e6d87d6f5a354ba646524', NULL, NULL, NULL, '2026-11-29 03:55:05.926055+00', 'how often the feed publishes is not known yet', '', '');
INSERT INTO public.follows VALUES ('weekly', 'blog', '2026-11-29 03:54:57.423343+00');
INSERT INTO public.identity VALUES ('ab11421184db40f9a7e1a86a79a5c44d', 2, '2026-11-29 03:54:56.854768+00', NULL, NULL, 0);
INSERT INTO public.news VALUES ('blog', 2);
INSERT INTO public.notices VALUES (1, 'eed1de5aed86472cabde783db6574815', 'about', 'address', 'fingerprint', 'said', 'state', '2026-11-24 08:00:00+00', '2026-11-24 08:00:00+00', 1, '2026-11-24 08:00:00+00', '2026-11-24 08:00:00+00', 'reason');
INSERT INTO public.offers VALUES (1, 'family', 'standard', '["weekly"]', '2026-11-24 08:00:00+00');
INSERT INTO public.paces VALUES ('mail', '', NULL, NULL, NULL, 0);
INSERT INTO public.posts VALUES (1, 'blog', '1', '1', 'https://blog.example/1', 'First light', '', '', '[]', '[]', '', '', '', NULL, NULL, '2026-11-29 03:54:57.741844+00', false, 1, '', '', '', '//blog.example/1', false, 'first light', '', NULL, '', '', '', NULL, '', '');
INSERT INTO public.posts VALUES (2, 'blog', '2', '2', 'https://blog.example/2', 'Second light', '', '', '[]', '[]', '', '', '', NULL, NULL, '2026-11-29 03:55:05.926055+00', false, 1, '', '', '', '//blog.example/2', false, 'second light', '', NULL, '', '', '', NULL, '', '');
INSERT INTO public.pushes VALUES ('id', 'feed', 'hub', 'topic', 'callback', 'wish', true, '2026-11-24 08:00:00+00', '2026-11-24 08:00:00+00', 1, 'problem', '2026-11-24 08:00:00+00', '2026-11-24 08:00:00+00', '2026-11-24 08:00:00+00', 1);
INSERT INTO public.revisions VALUES (1, 1, '2026-11-24 08:00:00+00', 'title', 'summary', 'content');
INSERT INTO public.runs VALUES (2, 'weekly', '2026-11-29T04:54:57.771654[Europe/Paris]', true, '2026-11-29 03:54:57.771654+00', '2026-11-29 03:54:58.291815+00', '', '', 'eed1de5aed86472cabde783db6574815');
INSERT INTO public.runs VALUES (4, 'weekly', '2026-11-29T04:55:05.950567[Europe/Paris]', true, '2026-11-29 03:55:05.950567+00', '2026-11-29 03:55:06.323788+00', '', '', '5a22ce034d3f4a48abc90166d8551e59');
INSERT INTO public.schedules VALUES ('weekly', '', '2026-11-29 03:54:57.423343+00');
INSERT INTO public.stops VALUES ('channel', '2026-11-24 08:00:00+00', 'reason', 1, true);
INSERT INTO public.subscribers VALUES (1, 'ada@example.org', 'ada@example.org', '', '', '', '[]', '', false, NULL, '{}', 'bae1932716f84dd68c32aec243521d56');
INSERT INTO public.subscribers VALUES (2, 'grace@example.org', 'grace@example.org', '', '', '', '[]', '', false, NULL, '{}', '5333c23e33e648fa97d71d01a437508c');
INSERT INTO public.subscribers VALUES (3, 'left@example.org', 'left@example.org', '', '', '', '[]', '', false, NULL, '{}', '63f77857ce204f1d93620efbe052ee43');
INSERT INTO public.subscriptions VALUES (1, 'readers', 'active', '2026-11-29 03:54:57.452679+00');
INSERT INTO public.subscriptions VALUES (2, 'readers', 'active', '2026-11-29 03:54:57.452679+00');
INSERT INTO public.subscriptions VALUES (3, 'readers', 'ended', '2026-11-29 03:55:02.139386+00');
INSERT INTO public.suppressions VALUES ('gone@example.org', 'gone@example.org', 'asked by letter', '2026-11-29 03:55:04.160305+00');
SELECT pg_catalog.setval('public.batches_id_seq', 1, true);
SELECT pg_catalog.setval('public.choice_edits_id_seq', 1, false);
SELECT pg_catalog.setval('public.consents_id_seq', 4, true);
SELECT pg_catalog.setval('public.editions_number_seq', 2, true);
SELECT pg_catalog.setval('public.notices_id_seq', 1, false);
SELECT pg_catalog.setval('public.offers_id_seq', 1, false);
SELECT pg_catalog.setval('public.posts_id_seq', 2, true);
SELECT pg_catalog.setval('public.runs_id_seq', 4, true);
SELECT pg_catalog.setval('public.subscribers_id_seq', 6, true);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.aliases
    ADD CONSTRAINT pk_aliases PRIMARY KEY (feed, name);
ALTER TABLE ONLY public.batches
    ADD CONSTRAINT pk_batches PRIMARY KEY (id);
ALTER TABLE ONLY public.choice_edits
    ADD CONSTRAINT pk_choice_edits PRIMARY KEY (id);
ALTER TABLE ONLY public.choices
    ADD CONSTRAINT pk_choices PRIMARY KEY (run_id, post_id);
ALTER TABLE ONLY public.consents
    ADD CONSTRAINT pk_consents PRIMARY KEY (id);
ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT pk_deliveries PRIMARY KEY (id);
ALTER TABLE ONLY public.edition_posts
    ADD CONSTRAINT pk_edition_posts PRIMARY KEY (edition_id, post_id);
ALTER TABLE ONLY public.editions
    ADD CONSTRAINT pk_editions PRIMARY KEY (number);
ALTER TABLE ONLY public.endings
    ADD CONSTRAINT pk_endings PRIMARY KEY (mark);
ALTER TABLE ONLY public.endings_files
    ADD CONSTRAINT pk_endings_files PRIMARY KEY (id);
ALTER TABLE ONLY public.feeds
    ADD CONSTRAINT pk_feeds PRIMARY KEY (name);
ALTER TABLE ONLY public.follows
    ADD CONSTRAINT pk_follows PRIMARY KEY (campaign, feed);
ALTER TABLE ONLY public.identity
    ADD CONSTRAINT pk_identity PRIMARY KEY (id);
ALTER TABLE ONLY public.news
    ADD CONSTRAINT pk_news PRIMARY KEY (feed);
ALTER TABLE ONLY public.notices
    ADD CONSTRAINT pk_notices PRIMARY KEY (id);
ALTER TABLE ONLY public.offers
    ADD CONSTRAINT pk_offers PRIMARY KEY (id);
ALTER TABLE ONLY public.paces
    ADD CONSTRAINT pk_paces PRIMARY KEY (channel, domain);
ALTER TABLE ONLY public.posts
    ADD CONSTRAINT pk_posts PRIMARY KEY (id);
ALTER TABLE ONLY public.pushes
    ADD CONSTRAINT pk_pushes PRIMARY KEY (id);
ALTER TABLE ONLY public.revisions
    ADD CONSTRAINT pk_revisions PRIMARY KEY (post_id, revision);
ALTER TABLE ONLY public.runs
    ADD CONSTRAINT pk_runs PRIMARY KEY (id);
ALTER TABLE ONLY public.schedules
    ADD CONSTRAINT pk_schedules PRIMARY KEY (campaign);
ALTER TABLE ONLY public.stops
    ADD CONSTRAINT pk_stops PRIMARY KEY (channel);
ALTER TABLE ONLY public.subscribers
    ADD CONSTRAINT pk_subscribers PRIMARY KEY (id);
ALTER TABLE ONLY public.subscriptions
    ADD CONSTRAINT pk_subscriptions PRIMARY KEY (subscriber_id, audience);
ALTER TABLE ONLY public.suppressions
    ADD CONSTRAINT pk_suppressions PRIMARY KEY (email_key);
ALTER TABLE ONLY public.editions
    ADD CONSTRAINT uq_editions_id UNIQUE (id);
ALTER TABLE ONLY public.posts
    ADD CONSTRAINT uq_posts_feed_identity UNIQUE (feed, identity);
ALTER TABLE ONLY public.runs
    ADD CONSTRAINT uq_runs_campaign_slot UNIQUE (campaign, slot);
ALTER TABLE ONLY public.subscribers
    ADD CONSTRAINT uq_subscribers_email_key UNIQUE (email_key);
CREATE INDEX ix_batches_open ON public.batches USING btree (edition_id, id) WHERE (finished_at IS NULL);
CREATE INDEX ix_choice_edits_run_id ON public.choice_edits USING btree (run_id);
CREATE INDEX ix_consents_subscriber_id ON public.consents USING btree (subscriber_id);
CREATE UNIQUE INDEX ix_deliveries_reader ON public.deliveries USING btree (reader) WHERE (reader IS NOT NULL);
CREATE INDEX ix_edition_posts_post_id ON public.edition_posts USING btree (post_id);
CREATE INDEX ix_editions_campaign ON public.editions USING btree (campaign);
CREATE INDEX ix_editions_family ON public.editions USING btree (family);
CREATE INDEX ix_editions_state ON public.editions USING btree (state);
CREATE INDEX ix_notices_edition_id ON public.notices USING btree (edition_id);
CREATE INDEX ix_notices_waiting ON public.notices USING btree (due) WHERE (state = 'waiting'::text);
CREATE INDEX ix_offers_family ON public.offers USING btree (family);
CREATE INDEX ix_posts_feed_link_key ON public.posts USING btree (feed, link_key);
CREATE INDEX ix_posts_feed_published ON public.posts USING btree (feed, published);
CREATE INDEX ix_posts_feed_text_key ON public.posts USING btree (feed, text_key);
CREATE INDEX ix_posts_feed_title_key ON public.posts USING btree (feed, title_key);
CREATE INDEX ix_posts_held ON public.posts USING btree (held_since) WHERE (held_since IS NOT NULL);
CREATE INDEX ix_pushes_feed ON public.pushes USING btree (feed);
CREATE INDEX ix_runs_campaign_moment ON public.runs USING btree (campaign, moment);
CREATE INDEX ix_runs_edition_id ON public.runs USING btree (edition_id);
CREATE INDEX ix_subscribers_cadence_since ON public.subscribers USING btree (cadence_since) WHERE (cadence_since IS NOT NULL);
CREATE UNIQUE INDEX ix_subscribers_public_id ON public.subscribers USING btree (public_id);
ALTER TABLE ONLY public.aliases
    ADD CONSTRAINT fk_aliases_post_id FOREIGN KEY (post_id) REFERENCES public.posts(id);
ALTER TABLE ONLY public.batches
    ADD CONSTRAINT fk_batches_edition_id FOREIGN KEY (edition_id) REFERENCES public.editions(id);
ALTER TABLE ONLY public.choice_edits
    ADD CONSTRAINT fk_choice_edits_post_id FOREIGN KEY (post_id) REFERENCES public.posts(id);
ALTER TABLE ONLY public.choice_edits
    ADD CONSTRAINT fk_choice_edits_run_id FOREIGN KEY (run_id) REFERENCES public.runs(id);
ALTER TABLE ONLY public.choices
    ADD CONSTRAINT fk_choices_post_id FOREIGN KEY (post_id) REFERENCES public.posts(id);
ALTER TABLE ONLY public.choices
    ADD CONSTRAINT fk_choices_run_id FOREIGN KEY (run_id) REFERENCES public.runs(id);
ALTER TABLE ONLY public.consents
    ADD CONSTRAINT fk_consents_subscriber_id FOREIGN KEY (subscriber_id) REFERENCES public.subscribers(id);
ALTER TABLE ONLY public.edition_posts
    ADD CONSTRAINT fk_edition_posts_edition_id FOREIGN KEY (edition_id) REFERENCES public.editions(id);
ALTER TABLE ONLY public.edition_posts
    ADD CONSTRAINT fk_edition_posts_post_id FOREIGN KEY (post_id) REFERENCES public.posts(id);
ALTER TABLE ONLY public.notices
    ADD CONSTRAINT fk_notices_edition_id FOREIGN KEY (edition_id) REFERENCES public.editions(id);
ALTER TABLE ONLY public.revisions
    ADD CONSTRAINT fk_revisions_post_id FOREIGN KEY (post_id) REFERENCES public.posts(id);
ALTER TABLE ONLY public.runs
    ADD CONSTRAINT fk_runs_edition_id FOREIGN KEY (edition_id) REFERENCES public.editions(id);
ALTER TABLE ONLY public.subscriptions
    ADD CONSTRAINT fk_subscriptions_subscriber_id FOREIGN KEY (subscriber_id) REFERENCES public.subscribers(id);
