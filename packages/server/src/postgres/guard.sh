#!/bin/sh
# Stops PostgreSQL when the server that started it is gone, even by kill -9.
#
#   guard.sh <owner> <cluster folder>      stdin: a pipe whose other end only the server holds
#
# The end of stdin is the news: the kernel closes the pipe whichever way the server ends, so nothing is polled while it
# lives. "done" comes before that end when the server has stopped PostgreSQL itself.
# A shell and not Node: one megabyte instead of forty, and it goes on while node_modules is being replaced.
# The folder is only there to be read in a list of processes.
owner=$1
# A terminal or service manager that stops the whole group must not take the guard before the server.
trap '' HUP INT TERM

# Prints the pids of the postmasters of our server, known by what it wrote on their command line. A pid file would not
# do: its number may belong to another program by now, or to the next server's PostgreSQL in the same folder, and the
# folder may be gone. (The brackets keep the search from finding itself.)
postmasters() {
  if [ -r /proc/self/cmdline ]; then
    grep -ls "onepool[.]owner=$owner" /proc/[0-9]*/cmdline | tr -dc '0-9\n'
  else
    ps -A -ww -o pid=,command= | grep "onepool[.]owner=$owner" | awk '{ print $1 }'
  fi
}

while read -r word; do
  [ "$word" = done ] && exit 0
done

# Fast shutdown: clients are cut off, what was committed is flushed. When none is found it is looked for a few times,
# because the server may have died between starting a process and that process becoming PostgreSQL. After a minute it is
# told to stop at once, which loses nothing either: the next start replays its log.
rounds=0
patience=4
while [ "$patience" -gt 0 ]; do
  pids=$(postmasters)
  if [ -n "$pids" ]; then
    patience=1
    # Unquoted: one word per pid.
    if [ "$rounds" -lt 240 ]; then kill -INT $pids; else kill -QUIT $pids; fi 2>/dev/null
  else
    patience=$((patience - 1))
  fi
  rounds=$((rounds + 1))
  [ "$patience" -gt 0 ] && sleep 0.25
done
