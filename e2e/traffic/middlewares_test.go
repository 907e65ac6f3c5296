package traffic

// ours are the middlewares of the plugin. In a pair, both have the same secret, and the same
// header for decisions. The one with targetings decides about each request; the plain one is
// made for all requests at once.
const ours = `
    modes: {plugin: {zookeeper: {clusters: {main: {servers: $SERVERS, sessionTimeout: 4s}}, responseHeaders: [
      {name: X-Set, path: /values/ours},
      {name: X-Append, path: /values/ours, mode: append},
      {name: X-Absent, path: /values/ours, mode: ifAbsent},
      {name: X-Removed, mode: remove},
      {name: X-Without, path: /values/none},
      {name: X-Left, path: /values/none, mode: ifAbsent}]}}}
    modes-late: {plugin: {zookeeper: {cluster: main, responseHeaders: [
      {name: X-Set, path: /values/ours},
      {name: X-Append, path: /values/ours, mode: append},
      {name: X-Absent, path: /values/ours, mode: ifAbsent},
      {name: X-Removed, mode: remove},
      {name: X-Without, path: /values/none},
      {name: X-Left, path: /values/none, mode: ifAbsent},
      {name: X-Mine, path: '/values/of/{header.X-User}', default: common},
      {name: X-Mine-Too, path: '/values/of/{header.X-User}', mode: ifAbsent}]}}}
    as-theirs: {plugin: {zookeeper: {cluster: main, responseHeaders: [{name: X-Set, path: /values/ours}, {name: X-Removed, mode: remove}]}}}
    closed: {plugin: {zookeeper: {cluster: main,
      gates: [{path: /flags/off, status: 503, retryAfter: 30s, body: closed, jsonBody: '{"closed":true}', headers: {X-Absent: gate}, bypass: {preflights: true}}],
      responseHeaders: [
        {name: X-Set, path: /values/ours},
        {name: X-Append, path: /values/ours, mode: append},
        {name: X-Absent, path: /values/ours, mode: ifAbsent},
        {name: X-Mine, path: '/values/of/{header.X-User}', default: common}]}}}
    closed-plain: {plugin: {zookeeper: {cluster: main, gates: [{path: /flags/off, status: 503}], responseHeaders: [{name: X-Set, path: /values/ours}]}}}
    closed-to-all: {plugin: {zookeeper: {cluster: main,
      requestHeaders: [{name: X-Release, path: /values/ours}],
      gates: [{path: /flags/off, status: 503}, {path: /flags/off, bypass: {header: {name: X-Pass, value: $SECRET}}}]}}}
    tenant: {plugin: {zookeeper: {cluster: main, requestHeaders: [{name: X-Plan, path: '/tenants/{host}/plan', default: none}]}}}
    by-path: {plugin: {zookeeper: {cluster: main, requestHeaders: [{name: X-Plan, path: '/tenants/{path.1}/plan', default: none}]}}}
    first-targeted: {plugin: {zookeeper: {cluster: main, targetingKey: '{header.X-User}', decisionHeader: X-Zookeeper-Decision,
      gates: [{path: /flags/first, status: 503, retryAfter: 30s, bodyPath: /pages/closed,
        bypass: {header: {name: X-Pass, value: $SECRET}, cookie: {name: pass, value: $SECRET}}}],
      responseHeaders: [{name: X-Set, path: /values/first}, {name: X-Append, path: /values/first, mode: append}, {name: X-Removed, mode: remove}]}}}
    second-targeted: {plugin: {zookeeper: {cluster: main, targetingKey: '{header.X-User}', decisionHeader: X-Zookeeper-Decision,
      gates: [{path: /flags/second, status: 403, bodyPath: /pages/closed,
        bypass: {header: {name: X-Pass, value: $SECRET}, cookie: {name: pass, value: $SECRET}}}],
      responseHeaders: [{name: X-Set, path: /values/second}, {name: X-Append, path: /values/second, mode: append}, {name: X-Absent, path: /values/second, mode: ifAbsent}]}}}
    first-plain: {plugin: {zookeeper: {cluster: main, decisionHeader: X-Zookeeper-Decision,
      gates: [{path: /flags/on, bypass: {header: {name: X-Pass, value: $SECRET}}}],
      responseHeaders: [{name: X-Set, path: /values/first}, {name: X-Append, path: /values/first, mode: append}, {name: X-Removed, mode: remove}]}}}
    second-plain: {plugin: {zookeeper: {cluster: main, decisionHeader: X-Zookeeper-Decision,
      gates: [{path: /flags/off, status: 503, bypass: {header: {name: X-Pass, value: $SECRET}}}],
      responseHeaders: [{name: X-Set, path: /values/second}, {name: X-Append, path: /values/second, mode: append}, {name: X-Absent, path: /values/second, mode: ifAbsent}]}}}
`

// theirs are Traefik's own.
const theirs = `
    model: {headers: {customResponseHeaders: {X-Set: ours, X-Removed: ""}}}
    model-first: {headers: {customResponseHeaders: {X-Set: first, X-Removed: ""}}}
    model-second: {headers: {customResponseHeaders: {X-Set: second}}}
    moved: {redirectRegex: {regex: '^.*$', replacement: 'https://shop.example/'}}
    cors: {headers: {accessControlAllowOriginList: ['https://shop.example'], accessControlAllowMethods: [GET, PUT], accessControlMaxAge: 60, addVaryHeader: true}}
    grpcWeb: {grpcWeb: {allowOrigins: ['*']}}
    compress: {compress: {}}
    retry: {retry: {attempts: 3}}
    buffering: {buffering: {maxRequestBodyBytes: 1000000}}
    circuitBreaker: {circuitBreaker: {expression: NetworkErrorRatio() > 0.9}}
    breaks-by-status: {circuitBreaker: {expression: 'ResponseCodeRatio(500, 600, 0, 600) > 0.5', responseCode: 418, checkPeriod: 10ms}}
    errors: {errors: {status: [500-599], service: pages, query: '/{status}'}}
    stripPrefix: {stripPrefix: {prefixes: [/stripPrefix]}}
    forwardAuth: {forwardAuth: {address: $AUTH}}
    forwardAuth-few: {forwardAuth: {address: $AUTH, authRequestHeaders: [X-Id]}}
    forwardAuth-user: {forwardAuth: {address: $AUTH, authResponseHeaders: [X-User]}}
    rateLimit: {rateLimit: {average: 10000, burst: 10000}}
    once: {rateLimit: {average: 1, period: 24h, burst: 1}}
    headers: {headers: {customRequestHeaders: {X-Traefik: 'yes'}, customResponseHeaders: {X-Traefik: 'yes'}}}
    no-decision: {headers: {customRequestHeaders: {X-Zookeeper-Decision: ''}}}
`
