"""The channels messages leave by, one file a channel: none is wired in until a branch chooses one."""
