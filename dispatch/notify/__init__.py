"""The ways out: one file a channel, each a `ChannelOut`; the settings say which there are, `dispatch.wiring` makes them."""
