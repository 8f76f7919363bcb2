#!/bin/sh
# What each machine runs when it starts. On tmux, that is what its window shows.
echo "worker ${BERTH_MACHINE:-} at ${BERTH_ADDRESS:-}"
while sleep 60; do echo "still at work"; done
