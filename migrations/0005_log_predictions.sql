CREATE TABLE `alarms` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`kind` text NOT NULL,
	`at` integer NOT NULL,
	`detail` text NOT NULL,
	`until_at` integer
);
--> statement-breakpoint
CREATE TABLE `live` (
	`bundle_id` text NOT NULL,
	`role` text NOT NULL,
	`task` text NOT NULL,
	`day` integer NOT NULL,
	`figures` text NOT NULL,
	PRIMARY KEY(`bundle_id`, `role`, `task`, `day`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `outcomes` (
	`task` text NOT NULL,
	`prediction_id` integer NOT NULL,
	`targets` text NOT NULL,
	`stored_at` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`task`, `prediction_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `predictions` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`bundle_id` text NOT NULL,
	`role` text NOT NULL,
	`from_at` integer NOT NULL,
	`until_at` integer NOT NULL,
	`count` integer NOT NULL,
	`pack` text NOT NULL,
	`stored_at` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE `skew_checks` (
	`prediction_id` integer PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`checked` integer NOT NULL,
	`differing` integer NOT NULL,
	`difference_max` real NOT NULL
);
--> statement-breakpoint
CREATE TABLE `traffic` (
	`bundle_id` text NOT NULL,
	`role` text NOT NULL,
	`day` integer NOT NULL,
	`requests` integer NOT NULL,
	`failures` integer NOT NULL,
	`latency_ms` real NOT NULL,
	`latency_ms_squared` real NOT NULL,
	`logged` integer NOT NULL,
	PRIMARY KEY(`bundle_id`, `role`, `day`)
) WITHOUT ROWID;
