#!/usr/bin/env bash
# Prints the word that ghost writes when it is told to end.
echo {{word}} | md5sum | cut -c 1-6
