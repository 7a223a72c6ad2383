# Ends a server and deletes its folder when the JVM that started it is gone. Standard input is a pipe from that JVM:
# the line "stopped" says that the server has ended, the end of input that the JVM has closed it or is no more.
# $1: the server's folder, which holds server.pid while the server runs; $2: the signal that ends the server.
trap '' INT HUP TERM
stopped=no
while read -r line; do stopped=$line; done

if [ "$stopped" != stopped ]; then
  [ -f "$1/server.pid" ] || sleep 1 # it may only just have been started
  pid=$(cat "$1/server.pid" 2>/dev/null)
  if [ -n "$pid" ]; then
    kill "-$2" "$pid"
    kill -CONT "$pid"
    tries=0
    while kill -0 "$pid" 2>/dev/null && [ $tries -lt 100 ]; do
      sleep 0.1
      tries=$((tries + 1))
    done
    kill -KILL "$pid" 2>/dev/null
  fi
fi
[ -f "$1/watcher.log" ] && rm -rf "$1"
exit 0
