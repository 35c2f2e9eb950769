/**
 * For whom nobody vouches: what to do, in words, with the command of this cluster. Its script takes up the code of a one-time link. Whoever
 * asks reads it, so that it says no path of the machine.
 */
export const refusalPage = (cluster: string, command: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<link rel="icon" href="./icon.svg" type="image/svg+xml">
<title>Kubernest: who are you?</title>
<style>
:root { color-scheme: light dark }
body { font: 16px/1.6 system-ui, sans-serif; max-width: 40rem; margin: 15vh auto; padding: 0 1.5rem }
code { background: light-dark(#eef, #223); padding: .1em .4em; border-radius: .3em }
</style>
</head>
<body>
<main data-refusal>
<h1>Kubernest does not know who you are</h1>
<p data-reason>This address shows a cluster, and nothing in your request says who you are.</p>
<p>There are two ways in:</p>
<ul>
<li>Run <code>kubectl proxy</code> and open <code>http://127.0.0.1:8001/ui/</code>: you see what your kubeconfig may see.</li>
<li>Open the one-time link that <code>${typed('up', cluster, command)}</code> prints. It works once, within ten minutes. <code>${typed('dashboard', cluster, command)}</code> makes another at any time.</li>
</ul>
</main>
<script src="./sign-in.js"></script>
</body>
</html>
`;

/** A program that is not in PATH is called by its place: of that, what it is called in its own folder. */
function typed(words: string, cluster: string, command: string): string {
  const name = cluster === 'default' || !/^[a-z0-9-]+$/.test(cluster) ? '' : ` --name ${cluster}`;
  return `${command.includes('/') ? './kubernest' : 'kubernest'} ${words}${name}`;
}
