#!/bin/sh
# Stands for the holdpoint that HOLDPOINT_SECOND names, and says first which process it is.
echo "process $$" >&2
exec "$HOLDPOINT_SECOND" "$@"
