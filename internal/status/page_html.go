package status

// pageSource is the template of the status page. Without JavaScript, the browser
// loads it again every 10 seconds; with it, the page fetches itself while it is
// looked at, and less often while that fails.
const pageSource = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>ZooKeeper status: {{if .Report.Ready}}ready{{else}}not ready{{end}}</title>
<noscript><meta http-equiv="refresh" content="10"></noscript>
<style nonce="{{.Nonce}}">
:root { --ground: #ffffff; --card: #f4f6f8; --text: #1b2530; --quiet: #51606f; --line: #d5dce3; --good: #176b3a; --bad: #b3261e; --warn: #8a5300; --plot: #2f6db5; }
@media (prefers-color-scheme: dark) {
:root { --ground: #11161c; --card: #1a222b; --text: #e6ebf0; --quiet: #a3b1bf; --line: #33404d; --good: #6fd39a; --bad: #ff9d94; --warn: #f0bd6a; --plot: #76aef0; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 75rem; padding: 1rem; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; }
h2 { font-size: 1.25rem; margin: 0 0 .5rem; }
h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
section { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; margin: 1rem 0; }
section > :last-child { margin-bottom: 0; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(10rem, 1fr)); gap: .5rem 1rem; margin: 0; }
dl .wide { grid-column: 1 / -1; }
dt, .quiet { color: var(--quiet); font-size: .875rem; }
dd { margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; border-top: 1px solid var(--line); }
thead th { color: var(--quiet); font-weight: 600; border-top: 0; white-space: nowrap; }
tbody th { font-weight: 400; }
code { font: .875rem/1.4 ui-monospace, monospace; }
code, .bad { overflow-wrap: anywhere; }
time { white-space: nowrap; }
.state { font-weight: 600; }
.good { color: var(--good); }
.bad { color: var(--bad); }
.warn { color: var(--warn); }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: 1rem; margin-bottom: .75rem; }
figure { margin: 0; }
svg { display: block; width: 100%; height: 4rem; border-bottom: 1px solid var(--line); }
rect { fill: var(--plot); }
form { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin: .25rem 0 .5rem; }
input, button { font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--quiet); border-radius: .25rem; padding: .25rem .5rem; max-width: 100%; }
@media (max-width: 45rem) {
dl { grid-template-columns: 1fr 1fr; }
thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
table, tbody, tr, td, tbody th { display: block; width: 100%; }
tr { border-top: 1px solid var(--line); padding: .5rem 0; }
td, tbody th { border: 0; padding: 0; }
td { display: inline-block; width: auto; max-width: 100%; margin-right: 1rem; }
td[data-label]::before { content: attr(data-label) ": "; color: var(--quiet); }
td:empty { display: none; }
}
</style>
</head>
<body>
<main>
<div id="summary">
<h1>ZooKeeper: <span class="state {{if .Report.Ready}}good{{else}}bad{{end}}">{{if .Report.Ready}}ready{{else}}not ready{{end}}</span></h1>
<p class="quiet">As of <time datetime="{{.Report.Time}}">{{timeOfDay .Report.Time}} UTC</time>. Panics recovered: {{.Report.PanicsRecovered}}.</p>
</div>
<p id="unreached" class="bad" role="status" hidden="">The proxy doesn't answer. This is what it said last.</p>
<form method="get">
<label for="path">Nodes whose paths begin with</label><input id="path" name="path" value="{{.NodePrefix}}">
<label for="middleware">Middlewares whose names begin with</label><input id="middleware" name="middleware" value="{{.MiddlewarePrefix}}">
<button>Show</button>
</form>
<div id="status">
{{$now := .Report.Time}}{{$hidden := .ValuesHidden}}
{{with .Report.Waiting}}<section aria-labelledby="waiting"><h2 id="waiting" class="bad">What is missing</h2><ul>{{range .}}<li>{{.}}</li>{{end}}</ul></section>{{end}}
{{with .Report.Mistakes}}<section aria-labelledby="mistakes"><h2 id="mistakes" class="bad">Middlewares that answer 503 to everything</h2><dl>{{range .}}<div class="wide"><dt>{{.Middleware}}</dt><dd>{{.Error}}</dd></div>{{end}}</dl></section>{{end}}
{{range $i, $c := .Report.Clusters}}<section aria-labelledby="cluster{{$i}}">
<h2 id="cluster{{$i}}">Cluster {{.Name}}: <span class="state {{if eq .State "connected" "reconnected"}}good{{else if or (eq .State "read-only") (not .NodeCount)}}warn{{else}}bad{{end}}">{{.State}}</span></h2>
<dl>
<div><dt>since</dt><dd><time datetime="{{.Since}}">{{ago .Since $now}}</time></dd></div>
<div><dt>server</dt><dd>{{or .Server "none"}}</dd></div>
<div><dt>session</dt><dd>{{or .Session "none"}}</dd></div>
<div><dt>session timeout</dt><dd>{{.SessionTimeoutMs}} ms</dd></div>
<div><dt>sessions</dt><dd>{{.Sessions}}</dd></div>
<div><dt>reconnects</dt><dd>{{.Reconnects}}</dd></div>
<div><dt>nodes</dt><dd>{{.NodeCount}}</dd></div>
<div><dt>watches</dt><dd>{{.Watches}}</dd></div>
<div><dt>values refused</dt><dd>{{.RefusedValues}}</dd></div>
<div><dt>suspicious flags</dt><dd>{{.SuspiciousFlags}}</dd></div>
<div class="wide"><dt>ensemble</dt><dd>{{range $j, $s := .Servers}}{{if $j}}, {{end}}{{$s}}{{end}}{{.Chroot}}</dd></div>
{{with .Problem}}<div class="wide"><dt>last error</dt><dd class="bad">{{.}}</dd></div>{{end}}
</dl>
<h3>Changes</h3>
{{if .Changes}}<div class="plots">
<figure><svg viewBox="0 0 300 60" preserveAspectRatio="none" role="img" aria-label="Changes in each minute of the last hour">{{range bars .ChangesPerMinute}}<rect x="{{.X}}" y="{{.Y}}" width="{{.Width}}" height="{{.Height}}"><title>{{.Title}}</title></rect>{{end}}</svg>
<figcaption class="quiet">Changes in each minute of the last hour, with this minute at the right.</figcaption></figure>
<figure><svg viewBox="0 0 300 60" preserveAspectRatio="none" role="img" aria-label="Changes by how long they took to be served">{{range spread .Propagation}}<rect x="{{.X}}" y="{{.Y}}" width="{{.Width}}" height="{{.Height}}"><title>{{.Title}}</title></rect>{{end}}</svg>
<figcaption class="quiet">From event to served, 0.5 ms or less at the left and more than 5 s at the right. {{summary .Propagation}}</figcaption></figure>
</div>
<table><thead><tr><th scope="col">Changed last</th><th scope="col">What</th><th scope="col">Version</th><th scope="col">Served after</th><th scope="col">When</th></tr></thead><tbody>
{{range latest .Changes}}<tr><th scope="row">{{with .Path}}<code>{{.}}</code>{{else}}hidden{{end}}</th><td>{{.Kind}}</td><td data-label="version">{{.Version}}</td><td data-label="served after">{{printf "%.1f" .Milliseconds}} ms</td><td><time datetime="{{.Time}}">{{ago .Time $now}}</time></td></tr>
{{end}}</tbody></table>{{else}}<p class="quiet">None yet.</p>{{end}}
<h3>Nodes</h3>
{{with .Nodes}}<table><thead><tr><th scope="col">Node</th><th scope="col">Value</th><th scope="col">Version</th><th scope="col">Modified</th><th scope="col">Watch</th><th scope="col">Users</th><th scope="col">Remarks</th></tr></thead><tbody>
{{range .}}<tr><th scope="row"><code>{{.Path}}</code></th><td data-label="value">{{if .Exists}}{{if or .Value (not $hidden)}}<code>{{.Value}}</code>{{else}}hidden{{end}}{{else if .Loaded}}no such node{{else}}not loaded{{end}}</td><td data-label="version">{{if .Exists}}{{.Version}}{{end}}</td><td data-label="modified">{{with .Modified}}<time datetime="{{.}}">{{ago . $now}}</time>{{end}}</td><td data-label="watch">{{.Watch}}</td><td data-label="users">{{.Users}}</td><td>{{with .Problem}}<span class="bad">{{.}}</span>{{end}}{{range .Findings}}<div class="warn">{{.}}</div>{{else}}{{with .Suspicious}} <span class="warn">mistakes or suspicions: {{.}}; the log has them</span>{{end}}{{end}}{{with .StaleSince}} <span class="warn">stale for {{age . $now}}</span>{{end}}</td></tr>
{{end}}</tbody></table>{{end}}
{{with .Templates}}<table><thead><tr><th scope="col">Nodes by template</th><th scope="col">Nodes</th><th scope="col">Remarks</th></tr></thead><tbody>
{{range .}}<tr><th scope="row"><code>{{.Path}}</code></th><td data-label="nodes">{{.Nodes}}</td><td>{{with .NotLoaded}}<span class="warn">{{.}} not loaded</span>{{end}}{{if .Refused}} <span class="bad">{{.Refused}} refused{{with .RefusedSince}}, the oldest for {{age . $now}}{{end}}</span>{{end}}{{with .Suspicious}} <span class="warn">{{.}} suspicious</span>{{end}}{{with .StaleSince}} <span class="warn">stale for {{age . $now}}</span>{{end}}</td></tr>
{{end}}</tbody></table>{{end}}
{{with unlistedNodes .}}<p class="quiet">{{.}} more nodes are not shown.</p>{{end}}
</section>
{{else}}<p>No cluster is in use.</p>
{{end}}
{{range $i, $m := .Report.Middlewares}}<section aria-labelledby="middleware{{$i}}">
<h2 id="middleware{{$i}}">Middleware {{.Name}}</h2>
<p class="quiet">Instances: {{.Instances}}</p>
{{with .Error}}<p class="bad">{{.}}</p>{{end}}
{{with .Gates}}<h3>Gates</h3><table><thead><tr><th scope="col">Gate</th><th scope="col">Now</th><th scope="col">Why</th><th scope="col">Decisions so far</th></tr></thead><tbody>
{{range .}}<tr><th scope="row"><code>{{.From}}</code>{{with .Cluster}} <span class="quiet">in {{.}}</span>{{end}}</th><td data-label="now">{{if eq .Decision "block"}}<span class="bad">closed, {{.Status}}</span>{{else if eq .Decision "pass"}}<span class="good">open</span>{{else if .Decision}}{{.Decision}}{{else}}depends on the request{{end}}</td><td data-label="why">{{.Reason}}{{with .Variant}}, variant {{.}}{{end}}{{with .ErrorCode}}, {{.}}{{end}}{{range .Findings}}<div class="warn">{{.}}</div>{{end}}</td><td data-label="decisions">{{range $d, $r := .Decisions}}{{range $k, $n := $r}}<div>{{$n}} {{$d}}, {{$k}}</div>{{end}}{{end}}</td></tr>
{{end}}</tbody></table>{{end}}
{{with .Headers}}<h3>Headers</h3><table><thead><tr><th scope="col">Header</th><th scope="col">Value</th><th scope="col">From</th></tr></thead><tbody>
{{range .}}<tr><th scope="row"><code>{{.Name}}</code>{{if .Response}} <span class="quiet">of the response</span>{{end}}</th><td data-label="value">{{if eq .Mode "remove"}}removed{{else if .PerRequest}}depends on the request{{else if .Value}}<code>{{.Value}}</code>{{else if $hidden}}hidden{{else}}none{{end}}</td><td data-label="from">{{with .From}}<code>{{.}}</code>{{end}}{{with .Cluster}} <span class="quiet">in {{.}}</span>{{end}}{{if and (ne .Mode "set") (ne .Mode "remove")}} ({{.Mode}}){{end}}</td></tr>
{{end}}</tbody></table>{{end}}
{{with .Variants}}<h3>Variants so far</h3><table><thead><tr><th scope="col">Flag</th><th scope="col">For</th><th scope="col">Variant</th><th scope="col">Evaluations</th></tr></thead><tbody>
{{range .}}<tr><th scope="row"><code>{{.Flag}}</code></th><td data-label="for">{{if eq .Rule "gate"}}gates{{else}}<code>{{.Rule}}</code>{{end}}</td><td data-label="variant">{{if .Variant}}<code>{{.Variant}}</code>{{else}}none: the default{{end}}</td><td data-label="evaluations">{{.Count}}</td></tr>
{{end}}</tbody></table>{{end}}
</section>
{{end}}
{{with unlistedMiddlewares .Report}}<p class="quiet">{{.}} more middlewares are not shown.</p>{{end}}
</div>
</main>
<script nonce="{{.Nonce}}">
(function () {
  var pause = 3000;
  function show(text) {
    var unstyled = text.replace(/<style[^]*?<\/style>/, ""); // its nonce is not that of this page
    var fresh = new DOMParser().parseFromString(unstyled, "text/html");
    document.title = fresh.title;
    ["summary", "status"].forEach(function (id) { document.getElementById(id).replaceWith(document.adoptNode(fresh.getElementById(id))); });
  }
  function reached(yes) {
    document.getElementById("unreached").hidden = yes;
    pause = yes ? 3000 : Math.min(2 * pause, 60000);
  }
  function poll() {
    if (document.hidden || !getSelection().isCollapsed) { setTimeout(poll, 1000); return; }
    fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" }).then(function (answer) {
      if (!answer.ok) { throw new Error(answer.status); }
      return answer.text();
    }).then(show).then(function () { reached(true); }, function () { reached(false); }).then(function () { setTimeout(poll, pause); });
  }
  setTimeout(poll, pause);
})();
</script>
</body>
</html>
`
