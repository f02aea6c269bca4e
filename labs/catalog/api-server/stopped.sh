#!/usr/bin/env bash
# Passes when no kubectl proxy runs.
if found=$(pgrep -x -a kubectl | grep -E ' proxy( |$)'); then
  echo "$found" | head -1
  exit 1
fi
