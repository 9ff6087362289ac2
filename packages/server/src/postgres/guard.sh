#!/bin/sh
# Stops PostgreSQL when the server that started it is gone, even by kill -9.
#
#   guard.sh <cluster folder> <owner>      stdin: a pipe whose other end only the server holds
#
# The end of stdin is the news: the kernel closes the pipe whichever way the server ends, so nothing is polled while it
# lives. "done" comes before that end when the server has stopped PostgreSQL itself.
# A shell and not Node: one megabyte instead of forty, and it goes on while node_modules is being replaced.
cluster=$1
owner=$2
# A terminal or service manager that stops the whole group must not take the guard before the server.
trap '' HUP INT TERM

# Prints the pid of our server's postmaster. A pid alone proves nothing: it may belong to another program by now, or to the
# next server's PostgreSQL in the same folder. So its command line must name our server.
postmaster() {
  pid=
  { read -r pid < "$cluster/postmaster.pid"; } 2>/dev/null
  case $pid in '' | *[!0-9]*) return 1 ;; esac
  if [ -r /proc/self/cmdline ]; then
    { tr '\0' '\n' < "/proc/$pid/cmdline"; } 2>/dev/null | grep -qxF -- "onepool.owner=$owner" || return 1
  else
    ps -o command= -p "$pid" 2>/dev/null | grep -qF -- "onepool.owner=$owner" || return 1
  fi
  echo "$pid"
}

while read -r word; do
  [ "$word" = done ] && exit 0
done

# Fast shutdown: clients are cut off, what was committed is flushed. When none is found it is looked for a few times,
# because PostgreSQL may have been started the moment before the server died and not have written its pid yet. After a
# minute it is told to stop at once, which loses nothing either: the next start replays its log.
rounds=0
patience=4
while [ "$patience" -gt 0 ]; do
  if pid=$(postmaster); then
    patience=1
    if [ "$rounds" -lt 240 ]; then kill -INT "$pid"; else kill -QUIT "$pid"; fi 2>/dev/null
  else
    patience=$((patience - 1))
  fi
  rounds=$((rounds + 1))
  [ "$patience" -gt 0 ] && sleep 0.25
done
