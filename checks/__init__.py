"""One file, one check (DESIGN.md §4.1). `monitor.app` lists this folder; nothing else imports it."""
