CREATE TABLE `encodings` (
	`model` text NOT NULL,
	`hash` text NOT NULL,
	`text` text,
	`vector` text,
	`tries` integer DEFAULT 0 NOT NULL,
	`due_at` integer,
	`fault` text,
	PRIMARY KEY(`model`, `hash`)
);
--> statement-breakpoint
CREATE INDEX `encodings_waiting` ON `encodings` (`due_at`) WHERE text is not null;--> statement-breakpoint
CREATE TABLE `wanted_vectors` (
	`kind` text NOT NULL,
	`id` text NOT NULL,
	`known_at` integer NOT NULL,
	`name` text NOT NULL,
	`text_name` text NOT NULL,
	`model` text NOT NULL,
	`hash` text NOT NULL,
	PRIMARY KEY(`kind`, `id`, `known_at`, `name`)
);
