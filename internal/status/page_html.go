package status

// pageSource is the template of the status page. Without JavaScript, the browser
// loads it again every 10 seconds; with it, the page fetches itself while it is
// looked at, and less often while that fails.
const pageSource = `{{define "broken"}}{{range $i, $part := split . "/"}}{{if $i}}<wbr/>/{{end}}{{$part}}{{end}}{{end}}{{define "path"}}<code>{{template "broken" .}}</code>{{end}}<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>ZooKeeper status: {{if .Report.Ready}}ready{{else}}not ready{{end}}</title>
<noscript><meta http-equiv="refresh" content="10"></noscript>
<style nonce="{{.Nonce}}">
:root { --ground: #ffffff; --card: #f4f6f8; --text: #1b2530; --quiet: #51606f; --line: #d5dce3; --good: #176b3a; --bad: #b3261e; --warn: #8a5300; --plot: #2f6db5; --link: #1a56a0; }
@media (prefers-color-scheme: dark) {
:root { --ground: #11161c; --card: #1a222b; --text: #e6ebf0; --quiet: #a3b1bf; --line: #33404d; --good: #6fd39a; --bad: #ff9d94; --warn: #f0bd6a; --plot: #76aef0; --link: #8fbdf5; }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { scroll-padding-top: 4rem; }
body { margin: 0 auto; max-width: 80rem; padding: 1rem; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip:not(:focus) { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
h1 { font-size: 1.625rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.25rem; margin: 0 0 .5rem; }
h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
p { margin: .25rem 0; }
section { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; margin: 1rem 0; }
section > :last-child { margin-bottom: 0; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr)); gap: .5rem 1rem; margin: .5rem 0; }
dl .wide { grid-column: 1 / -1; }
dt, .quiet { color: var(--quiet); font-size: .875rem; }
dd { margin: 0; overflow-wrap: anywhere; }
.facts dd { font-size: 1.25rem; font-weight: 600; line-height: 1.3; }
.problems { list-style: none; margin: 0; padding: 0; }
.problems li { border-left: .375rem solid var(--quiet); padding: .125rem 0 .125rem .75rem; margin: .75rem 0; overflow-wrap: anywhere; }
.problems .error { border-color: var(--bad); }
.problems .warning { border-color: var(--warn); }
.problems p { margin: 0; }
.bar { background: var(--ground); border-bottom: 1px solid var(--line); padding: .5rem 0; margin: .75rem 0; z-index: 1; display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; align-items: center; justify-content: space-between; }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1rem; }
.filter { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; }
#filter { width: 15rem; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; }
th, td { text-align: left; vertical-align: top; padding: .3125rem .75rem .3125rem 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
thead th { color: var(--quiet); font-weight: 600; border-top: 0; white-space: nowrap; }
tbody th { font-weight: 400; min-width: 12rem; }
.number { text-align: right; padding-right: 1.5rem; white-space: nowrap; font-variant-numeric: tabular-nums; }
code { font: .875rem/1.4 ui-monospace, monospace; }
code, .bad { overflow-wrap: break-word; }
td code, dd code { overflow-wrap: anywhere; }
.value { background: var(--ground); border: 1px solid var(--line); border-radius: .25rem; padding: 0 .25rem; }
time { white-space: nowrap; }
.state, strong { font-weight: 600; }
.good { color: var(--good); }
.bad { color: var(--bad); }
.warn { color: var(--warn); }
summary { cursor: pointer; padding: .3125rem 0; font-size: .875rem; overflow-wrap: anywhere; }
details { border-top: 1px solid var(--line); }
details table { margin: 0 0 .5rem 1rem; width: calc(100% - 1rem); }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); gap: 1rem 2rem; margin-bottom: .75rem; }
figure { margin: 0; max-width: 32rem; }
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--quiet); font: 11px system-ui, sans-serif; text-anchor: middle; }
svg .count { fill: var(--text); font-size: 10px; }
svg .tick { text-anchor: end; }
svg path { stroke: var(--line); fill: none; }
rect { fill: var(--plot); }
form { display: grid; gap: .25rem; justify-items: start; margin: .5rem 0; }
input, button { font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--quiet); border-radius: .25rem; padding: .25rem .5rem; max-width: 100%; }
@media (min-width: 45.01rem) and (min-height: 30rem) { .bar { position: sticky; top: 0; } }
@media (max-width: 45rem) {
html { scroll-padding-top: .5rem; }
body { padding: .75rem; }
section { padding: .75rem; }
dl { grid-template-columns: 1fr 1fr; }
nav a { padding: .25rem 0; }
.filter, #filter { width: 100%; }
thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
table, tbody, tr, td, tbody th { display: block; width: 100%; }
details table { margin-left: 0; width: 100%; }
tr { border-top: 1px solid var(--line); padding: .5rem 0; }
td, tbody th { border: 0; padding: 0; }
tbody th code { font-weight: 600; }
td { display: inline-block; width: auto; max-width: 100%; margin-right: 1rem; }
.number { text-align: left; }
td[data-label]::before { content: attr(data-label) ": "; color: var(--quiet); }
td:empty { display: none; }
}
</style>
</head>
<body>
<a class="skip" href="#status">Skip to the gates, headers and clusters</a>
<main>
{{$now := .Report.Time}}{{$hidden := .ValuesHidden}}{{$n := .Counts}}<div id="summary">
<h1>ZooKeeper: <span class="state {{if .Report.Ready}}good{{else}}bad{{end}}">{{if .Report.Ready}}ready{{else}}not ready{{end}}</span>{{if $n.Errors}}, <span class="bad">{{$n.Errors}} {{if eq $n.Errors 1}}error{{else}}errors{{end}}</span>{{end}}{{if $n.Warnings}}, <span class="warn">{{$n.Warnings}} {{if eq $n.Warnings 1}}warning{{else}}warnings{{end}}</span>{{end}}</h1>
<p class="quiet">As of <time datetime="{{.Report.Time}}">{{timeOfDay .Report.Time}} UTC</time>{{if $hidden}}. Values are hidden: statusValues is false{{end}}.</p>
<dl class="facts">
<div><dt>clusters connected</dt><dd>{{$n.Connected}} of {{len .Report.Clusters}}</dd></div>
<div><dt>gates closed</dt><dd>{{$n.Closed}} of {{$n.Gates}}</dd></div>
<div><dt>nodes refused</dt><dd>{{$n.Refused}} of {{$n.Nodes}}</dd></div>
<div><dt>unusable middlewares</dt><dd>{{len .Report.Mistakes}}</dd></div>
<div><dt>panics recovered</dt><dd>{{.Report.PanicsRecovered}}</dd></div>
</dl>
<section aria-labelledby="problems"><h2 id="problems">{{if or $n.Errors $n.Warnings}}What is wrong{{else}}Nothing is wrong{{end}}</h2>
{{with .Report.Problems}}<ul class="problems">{{range .}}
<li class="{{.Severity}}"><p><strong class="{{if eq .Severity "error"}}bad{{else if eq .Severity "warning"}}warn{{end}}">{{if eq .Severity "error"}}Error{{else if eq .Severity "warning"}}Warning{{else}}Closed{{end}}:</strong> {{template "broken" .What}}</p>
<p class="quiet">{{with .Since}}Since <time datetime="{{.}}">{{timeOfDay .}} UTC, {{ago . $now}}</time>. {{end}}{{.Effect}} <a href="#{{.Anchor}}">More</a></p></li>{{end}}
</ul>{{else}}<p class="good">All values are loaded and can be used, and no gate is closed.</p>{{end}}
</section>
</div>
<p id="unreached" class="bad" role="status" hidden="">The proxy doesn't answer. This is what it said last.</p>
<div class="bar">
<nav id="sections" aria-label="Sections"><a href="#summary">Summary</a>{{if $n.Gates}}<a href="#gates">Gates ({{$n.Gates}})</a>{{end}}{{if $n.Headers}}<a href="#headers">Headers ({{$n.Headers}})</a>{{end}}{{if $n.Variants}}<a href="#variants">Variants</a>{{end}}<a href="#middlewares">Middlewares ({{.Report.MiddlewareCount}})</a>{{range $i, $c := .Report.Clusters}}<a href="#cluster{{$i}}">Cluster {{.Name}}</a>{{end}}</nav>
<div class="filter" id="filters" role="search" hidden=""><label for="filter">Filter</label><input id="filter" type="search" autocomplete="off" spellcheck="false" placeholder="words; press / to begin"><button id="pause" type="button">Pause updates</button><output id="matches" class="quiet"></output></div>
</div>
<div id="status">
{{if $n.Gates}}<section data-filtered="" aria-labelledby="gates"><h2 id="gates">Gates</h2>
<table><thead><tr><th scope="col">Gate</th><th scope="col">Middleware</th><th scope="col">Now</th><th scope="col">Why</th><th scope="col">Decisions so far</th></tr></thead><tbody>
{{range $m := .Report.Middlewares}}{{range .Gates}}<tr><th scope="row">{{template "path" .From}}{{with .Cluster}} <span class="quiet">in {{.}}</span>{{end}}</th><td data-label="middleware">{{$m.Name}}</td><td data-label="now">{{if $m.Error}}<strong class="bad">closed</strong>, 503{{else if .Closed}}<strong class="bad">closed</strong>, {{.Status}}{{if not .Decision}}, but for the bypass{{end}}{{else if eq .Decision "pass"}}<span class="good">open</span>{{else if .Decision}}{{.Decision}}{{else}}depends on the request{{end}}</td><td data-label="why">{{if $m.Error}}<div>The middleware can't be used.</div>{{end}}{{.Reason}}{{with .Variant}}, variant {{.}}{{end}}{{with .ErrorCode}}, <span class="bad">{{.}}</span>{{end}}{{range .Findings}}<div class="warn">{{.}}</div>{{end}}</td><td data-label="decisions">{{range $d, $r := .Decisions}}{{range $k, $count := $r}}<div>{{$count}} {{$d}}, {{$k}}</div>{{end}}{{else}}<i class="quiet">none yet</i>{{end}}</td></tr>
{{end}}{{end}}</tbody></table></section>{{end}}
{{if $n.Headers}}<section data-filtered="" aria-labelledby="headers"><h2 id="headers">Headers</h2>
<table><thead><tr><th scope="col">Header</th><th scope="col">Middleware</th><th scope="col">Value</th><th scope="col">From</th></tr></thead><tbody>
{{range $m := .Report.Middlewares}}{{range .Headers}}<tr><th scope="row"><code>{{.Name}}</code>{{if .Response}} <span class="quiet">of the response</span>{{end}}</th><td data-label="middleware">{{$m.Name}}</td><td data-label="value">{{if eq .Mode "remove"}}<i class="quiet">removed</i>{{else if .PerRequest}}<i class="quiet">depends on the request</i>{{else if .Value}}<code class="value">{{.Value}}</code>{{else if $hidden}}<i class="quiet">hidden</i>{{else}}<i class="quiet">not set: there is no value</i>{{end}}</td><td data-label="from">{{with .From}}{{template "path" .}}{{end}}{{with .Cluster}} <span class="quiet">in {{.}}</span>{{end}}{{if and (ne .Mode "set") (ne .Mode "remove")}} ({{.Mode}}){{end}}{{range .Findings}}<div class="warn">{{.}}</div>{{end}}</td></tr>
{{end}}{{end}}</tbody></table></section>{{end}}
{{if $n.Variants}}<section data-filtered="" aria-labelledby="variants"><h2 id="variants">Variants so far</h2>
<table><thead><tr><th scope="col">Flag</th><th scope="col">Middleware</th><th scope="col">For</th><th scope="col">Variant</th><th scope="col" class="number">Evaluations</th></tr></thead><tbody>
{{range $m := .Report.Middlewares}}{{range .Variants}}<tr><th scope="row">{{template "path" .Flag}}</th><td data-label="middleware">{{$m.Name}}</td><td data-label="for">{{if eq .Rule "gate"}}gates{{else}}<code>{{.Rule}}</code>{{end}}</td><td data-label="variant">{{if .Variant}}<code class="value">{{.Variant}}</code>{{else}}<i class="quiet">no variant: the default</i>{{end}}</td><td data-label="evaluations" class="number">{{.Count}}</td></tr>
{{end}}{{end}}</tbody></table></section>{{end}}
<section data-filtered="" aria-labelledby="middlewares"><h2 id="middlewares">Middlewares</h2>
{{if or .Report.Middlewares .Report.Mistakes}}<table><thead><tr><th scope="col">Middleware</th><th scope="col" class="number">Routers</th><th scope="col" class="number">Gates</th><th scope="col" class="number">Headers</th><th scope="col">State</th></tr></thead><tbody>
{{range .Report.Mistakes}}<tr><th scope="row">{{.Middleware}}</th><td></td><td></td><td></td><td><strong class="bad">answers 503 to everything:</strong> {{template "broken" .Error}}</td></tr>
{{end}}{{range .Report.Middlewares}}<tr><th scope="row">{{.Name}}</th><td data-label="routers" class="number">{{.Instances}}</td><td data-label="gates" class="number">{{len .Gates}}</td><td data-label="headers" class="number">{{len .Headers}}</td><td>{{with .Error}}<span class="bad">{{.}}</span>{{else}}<span class="good">in use</span>{{end}}</td></tr>
{{end}}</tbody></table>{{else}}<p class="quiet">There is none.</p>{{end}}
{{with unlistedMiddlewares .Report}}<p class="quiet">{{.}} more middlewares are not shown.</p>{{end}}
</section>
<div id="clusters">
{{range $i, $c := .Report.Clusters}}<section aria-labelledby="cluster{{$i}}" data-words="{{.Name}}">
<h2 id="cluster{{$i}}">Cluster {{.Name}}: <span class="state {{if eq .State "connected" "reconnected"}}good{{else if or (eq .State "read-only") (not .NodeCount)}}warn{{else}}bad{{end}}">{{.State}}</span></h2>
<dl>
<div><dt>since</dt><dd><time datetime="{{.Since}}">{{ago .Since $now}}</time></dd></div>
<div><dt>server</dt><dd>{{if .Server}}{{.Server}}{{else}}<i class="quiet">not connected</i>{{end}}</dd></div>
<div><dt>session</dt><dd>{{if .Session}}{{.Session}}{{else}}<i class="quiet">no session</i>{{end}}</dd></div>
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
<h3>Nodes</h3>
{{range $j, $g := groups $c}}{{with .Template}}<details id="cluster{{$i}}template{{$j}}"{{if .Refused}} open=""{{end}}><summary id="cluster{{$i}}template{{$j}}summary">{{template "path" .Path}}: {{.Nodes}} {{if eq .Nodes 1}}value{{else}}values{{end}}{{with .NotLoaded}}, <span class="warn">{{.}} not loaded</span>{{end}}{{if .Refused}}, <span class="bad">{{.Refused}} refused{{with .RefusedSince}}, the oldest for {{age . $now}}{{end}}</span>{{end}}{{with .Suspicious}}, <span class="warn">{{.}} suspicious</span>{{end}}{{with .StaleSince}}, <span class="warn">stale for {{age . $now}}</span>{{end}}</summary>{{end}}
{{with .Nodes}}<table data-filtered=""><thead><tr><th scope="col">Node</th><th scope="col">Value</th><th scope="col" class="number">Version</th><th scope="col">Modified</th><th scope="col">Watch</th><th scope="col" class="number">Users</th><th scope="col">Remarks</th></tr></thead><tbody>
{{range .}}<tr><th scope="row">{{template "path" .Path}}</th><td data-label="value">{{if not .Loaded}}<i class="warn">not loaded</i>{{else if not .Exists}}<i class="quiet">no such node</i>{{else if eq .Reads "children"}}{{.Value}}{{else if .Value}}<code class="value">{{.Value}}</code>{{else if $hidden}}<i class="quiet">hidden</i>{{else}}<i class="quiet">empty</i>{{end}}</td><td data-label="version" class="number">{{if .Exists}}{{.Version}}{{end}}</td><td data-label="modified">{{with .Modified}}<time datetime="{{.}}">{{ago . $now}}</time>{{end}}</td><td data-label="watch">{{if eq .Watch "none"}}<i class="quiet">no watch</i>{{else}}{{.Watch}}{{end}}</td><td data-label="users" class="number">{{.Users}}</td><td>{{with .Problem}}<span class="bad">{{.}}</span>{{end}}{{range .Findings}}<div class="warn">{{.}}</div>{{else}}{{with .Suspicious}} <span class="warn">mistakes or suspicions: {{.}}; the log has them</span>{{end}}{{end}}{{with .StaleSince}} <span class="warn">stale for {{age . $now}}</span>{{end}}</td></tr>
{{end}}</tbody></table>{{end}}{{if .Template}}</details>{{end}}
{{end}}{{with unlistedNodes .}}<p class="quiet">{{.}} more nodes are not shown.</p>{{end}}
<h3>Changes</h3>
{{if .Changes}}<div class="plots">
<figure>{{with minutes .ChangesPerMinute}}<svg viewBox="0 0 340 124" role="img" aria-label="Changes in each minute of the last hour">{{range .Ticks}}<path d="M30 {{.At}}H340"/><text class="tick" x="26" y="{{.At}}" dy="4">{{.Text}}</text>{{end}}{{range .Bars}}<rect x="{{.X}}" y="{{.Y}}" width="{{.Width}}" height="{{.Height}}"><title>{{.Title}}</title></rect>{{end}}{{range .Marks}}<text x="{{.At}}" y="120">{{.Text}}</text>{{end}}</svg>{{end}}
<figcaption class="quiet">Changes in each minute of the last hour. Below: minutes before now.</figcaption></figure>
<figure>{{with spread .Propagation}}<svg viewBox="0 0 340 124" role="img" aria-label="Changes by how long they took to be served">{{range .Ticks}}<path d="M30 {{.At}}H340"/><text class="tick" x="26" y="{{.At}}" dy="4">{{.Text}}</text>{{end}}{{range .Bars}}<rect x="{{.X}}" y="{{.Y}}" width="{{.Width}}" height="{{.Height}}"><title>{{.Title}}</title></rect><text class="count" x="{{.Middle}}" y="{{.Above}}">{{.Count}}</text>{{end}}{{range .Marks}}<text class="count" x="{{.At}}" y="120">{{.Text}}</text>{{end}}</svg>{{end}}
<figcaption class="quiet">Changes by the time from event to served. Below: up to so many milliseconds; + took longer. {{summary .Propagation}}</figcaption></figure>
</div>
<table data-filtered=""><thead><tr><th scope="col">Changed last</th><th scope="col">What</th><th scope="col" class="number">Version</th><th scope="col" class="number">Served after</th><th scope="col">When</th></tr></thead><tbody>
{{range latest .Changes}}<tr><th scope="row">{{with .Path}}{{template "path" .}}{{else}}<i class="quiet">hidden</i>{{end}}</th><td>{{.Kind}}</td><td data-label="version" class="number">{{.Version}}</td><td data-label="served after" class="number">{{printf "%.1f" .Milliseconds}} ms</td><td><time datetime="{{.Time}}">{{ago .Time $now}}</time></td></tr>
{{end}}</tbody></table>{{else}}<p class="quiet">None yet.</p>{{end}}
</section>
{{else}}<p>No cluster is in use.</p>
{{end}}</div>
</div>
<details id="listing"{{if or .NodePrefix .MiddlewarePrefix}} open=""{{end}}><summary id="listingsummary">List other nodes or middlewares: the first 200 are here</summary>
<form method="get">
<label for="path">Nodes whose paths begin with</label><input id="path" name="path" value="{{.NodePrefix}}">
<label for="middleware">Middlewares whose names begin with</label><input id="middleware" name="middleware" value="{{.MiddlewarePrefix}}">
<button>Show</button>
</form></details>
<footer class="quiet"><p><a href="?format=json">JSON</a> · <a href="./{{.Name}}/metrics">Metrics</a> · <a href="./{{.Name}}/ready">Ready</a> · <a href="https://github.com/mod-zookeeper/traefik-zookeeper/blob/main/docs/operations.md#status-page" rel="noreferrer">Documentation</a></p>
<p>Plugin traefik-zookeeper {{.Report.Version}}{{with .Report.TraefikVersion}}, in Traefik {{.}}{{end}}.</p></footer>
</main>
<script nonce="{{.Nonce}}">
(function () {
  var pause = 3000, paused = false;
  function byId(id) { return document.getElementById(id); }
  function each(selector, f) { Array.prototype.forEach.call(document.querySelectorAll(selector), f); }
  var filter = byId("filter");
  function applyFilter() {
    var words = filter.value.toLowerCase().split(/\s+/).filter(Boolean), rows = 0, shown = 0;
    each("#status tbody tr", function (row) {
      var cluster = row.closest("[data-words]");
      var text = (row.textContent + " " + (cluster ? cluster.dataset.words : "")).toLowerCase();
      row.hidden = !words.every(function (word) { return text.includes(word); });
      rows++;
      shown += row.hidden ? 0 : 1;
    });
    each("#status details", function (d) {
      var found = d.querySelector("tbody tr:not([hidden])");
      d.hidden = words.length > 0 && !found;
      if (words.length > 0 && found && !d.open) { d.open = true; d.dataset.opened = "yes"; }
      if (words.length === 0 && d.dataset.opened) { d.open = false; delete d.dataset.opened; }
    });
    each("#status [data-filtered]", function (e) { e.hidden = words.length > 0 && !e.querySelector("tbody tr:not([hidden])"); });
    byId("matches").textContent = words.length > 0 ? shown + " of " + rows + " rows" : "";
    var at = new URL(location.href);
    if (filter.value) { at.searchParams.set("filter", filter.value); } else { at.searchParams.delete("filter"); }
    if (at.href !== location.href) { history.replaceState(null, "", at.href); }
  }
  function focused() {
    var e = document.activeElement;
    if (!e || e === document.body) { return ""; }
    return e.id ? "#" + CSS.escape(e.id) : e.getAttribute("href") ? "a[href=\"" + CSS.escape(e.getAttribute("href")) + "\"]" : "";
  }
  function show(text) {
    var unstyled = text.replace(/<style[^]*?<\/style>/, ""); // its nonce is not that of this page
    var fresh = new DOMParser().parseFromString(unstyled, "text/html");
    var focus = focused();
    each("#status details", function (d) {
      var other = fresh.getElementById(d.id);
      if (other) { other.open = d.open; if (d.dataset.opened) { other.dataset.opened = "yes"; } }
    });
    document.title = fresh.title;
    ["summary", "sections", "status"].forEach(function (id) { byId(id).replaceWith(document.adoptNode(fresh.getElementById(id))); });
    applyFilter();
    var again = focus && document.querySelector(focus);
    if (again && again !== document.activeElement) { again.focus({ preventScroll: true }); }
  }
  function reached(yes) {
    byId("unreached").hidden = yes;
    pause = yes ? 3000 : Math.min(2 * pause, 60000);
  }
  function poll() {
    if (paused || document.hidden || !getSelection().isCollapsed) { setTimeout(poll, 1000); return; }
    fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" }).then(function (answer) {
      if (!answer.ok) { throw new Error(answer.status); }
      return answer.text();
    }).then(show).then(function () { reached(true); }, function () { reached(false); }).then(function () { setTimeout(poll, pause); });
  }
  byId("filters").hidden = false;
  filter.value = new URLSearchParams(location.search).get("filter") || "";
  filter.addEventListener("input", applyFilter);
  byId("pause").addEventListener("click", function () {
    paused = !paused;
    byId("pause").textContent = paused ? "Resume updates" : "Pause updates";
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !/^(INPUT|TEXTAREA)$/.test(event.target.tagName)) { event.preventDefault(); filter.focus(); }
    if (event.key === "Escape" && event.target === filter) { filter.value = ""; applyFilter(); }
  });
  applyFilter();
  setTimeout(poll, pause);
})();
</script>
</body>
</html>
`
