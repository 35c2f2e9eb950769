/**
 * Process 1: serves until it is told to end, and then ends at once, which the first process of a container does not by itself. A child that
 * has been forked and is not `nc` yet would lose any signal that the shell traps, and outlive it where no container ends with it.
 */
export const serve = `#!/bin/sh
trap 'kill -KILL $! && wait $!; exit 0' TERM INT
echo "version $DEMO_VERSION listens on port $PORT"
nc -ll -p "$PORT" -e /demo/answer 2>&1 &
wait $!
`;

/** What the pod says of itself: a greeting, then "name: value" line by line. Its token names its node, so that no manifest has to. */
export const facts = `#!/bin/sh
account=/var/run/secrets/kubernetes.io/serviceaccount
greeting=$(cat /config/greeting 2>/dev/null) || greeting=$GREETING
secret=$(cat /secret/password 2>/dev/null) || secret=$PASSWORD
node=$NODE_NAME
[ -n "$node" ] || node=$(cut -d. -f2 $account/token 2>/dev/null | tr -- -_ +/ | base64 -d 2>/dev/null | grep -o '"node":{"name":"[^"]*' | cut -d '"' -f 6)
[ -n "$node" ] || node='not known (no token, and no NODE_NAME)'
echo "$greeting from $(hostname), version $DEMO_VERSION"
echo "node: $node"
echo "namespace: $(cat $account/namespace 2>/dev/null)"
echo "address: $(hostname -i)"
if [ -n "$secret" ]; then echo "secret: there, $(printf %s "$secret" | wc -m) characters"; else echo "secret: none"; fi
[ -z "$BACKEND" ] || echo "back end: $(timeout 2 wget -q -O - "$BACKEND/text" 2>/dev/null | head -n 1 | grep . || echo "no answer from $BACKEND")"
`;

/** One request on standard input, its answer on standard output, a line about it in the container's log. */
export const answer = String.raw`#!/bin/sh
read -t 5 -r method path protocol || exit 0
cr=$(printf '\r')
browser=
while read -t 5 -r header; do
  case $header in
    '' | "$cr") break ;;
    [Aa]ccept:*text/html*) browser=yes ;;
  esac
done

send() {
  printf '%s %s %s\n' "$method" "$path" "$1" >&2
  length=$(printf '%s\n' "$3" | wc -c)
  printf 'HTTP/1.1 %s\r\nContent-Type: %s; charset=utf-8\r\nContent-Length: %s\r\nConnection: close\r\n\r\n' "$1" "$2" "$length"
  [ "$method" = HEAD ] || printf '%s\n' "$3"
}

case $path in
  /healthz) if [ -e /tmp/failing ]; then send '503 Service Unavailable' text/plain failing; else send '200 OK' text/plain ok; fi ;;
  /fail) touch /tmp/failing && send '200 OK' text/plain 'failing from now on' ;;
  /heal) rm -f /tmp/failing && send '200 OK' text/plain 'well again' ;;
  /text) send '200 OK' text/plain "$(/demo/facts)" ;;
  /) if [ -n "$browser" ]; then send '200 OK' text/html "$(/demo/facts | /demo/page)"; else send '200 OK' text/plain "$(/demo/facts)"; fi ;;
  *) send '404 Not Found' text/plain 'nothing is here' ;;
esac
`;

/** The facts on standard input as a page, in the colour of the version. */
export const page = String.raw`#!/bin/sh
case $DEMO_VERSION in 1) hue=215 ;; *) hue=150 ;; esac
cat <<END
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>kubernest demo, version $DEMO_VERSION</title>
<style>
:root { color-scheme: light dark; font: 1.1rem/1.5 system-ui, sans-serif }
body { max-width: 40rem; margin: 4rem auto; padding: 0 1rem; border-left: .5rem solid hsl($hue 70% 50%) }
th { text-align: left; padding-right: 2rem; font-weight: 600 }
td { overflow-wrap: anywhere }
</style>
END
sed -e 's/&/\&amp;/g; s/</\&lt;/g' -e '1s|.*|<h1>&</h1>\n<table>|' -e '2,$s|^\([^:]*\): \(.*\)|<tr><th>\1</th><td>\2</td></tr>|'
echo '</table></html>'
`;
