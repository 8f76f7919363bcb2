import Diagnostics
import Testing

/// What is offered for mistakes that people bring along from other tools.
@Suite struct HelpTests {
  @Test(
    "Help is offered",
    arguments: [
      ("ports: [80]", "write `{container: 80}`"),
      ("ports: ['8080:80']", "write `{container: 80, host: 8080}`"),
      (
        "ports: ['127.0.0.1:8080:53/udp']",
        "write `{container: 53, protocol: udp, host: 8080, address: 127.0.0.1}`"
      ),
      ("ports: ['[::1]:8080:80']", "write `{container: 80, host: 8080, address: \"::1\"}`"),
      ("ports: ['127.0.0.1::80']", "write `{container: 80, address: 127.0.0.1}`"),
      ("ports: ['3000-3005:4000-4005']", "write `{container: 4000-4005, host: 3000-3005}`"),
      ("ports: [{containerPort: 80}]", "here it is called `container`"),
      ("environment: {A: b}", "here it is called `env`"),
      ("enviroment: {A: b}", "did you mean `env`?"),
      ("Env: {A: b}", "did you mean `env`?"),
      ("command: /bin/run --fast", "write it as a list: `[/bin/run, --fast]`"),
      ("healthCheck: /healthz", "write `{path: /healthz, port: 8080}`"),
      ("health_check: {port: 80}", "did you mean `healthCheck`?"),
      ("resources: {mem: 1Gi}", "here it is called `memory`"),
      ("resources: {memory: 256}", "a unit is missing: was `256Mi` meant?"),
      ("resources: {memory: 1gb}", "was `1G` meant?"),
      ("stopGrace: 30", "a unit is missing: was `30s` meant?"),
      ("restart: unless-stopped", "it takes one of `always`, `on-failure`, `never`"),
      ("restart: on_failure", "did you mean `on-failure`?"),
      ("env: {A: {b: c}}", "put the text in quotes if it holds `: ` or starts with `{`"),
    ])
  func helpIsOffered(line: String, help: String) {
    let diagnostics = Loaded("name: a\nservices:\n  - name: main\n    image: a:1\n    \(line)\n").result
      .diagnostics
    #expect(diagnostics.contains { $0.help == help }, "\(diagnostics.map { $0.help ?? "" })")
  }

  /// Where YAML takes a text for more than it is, the cure is named.
  @Test(
    "A trap of YAML has its cure",
    arguments: [
      (
        "command: [python3, ${root}/app.py]",
        "within brackets, a text with `{` stands in quotes: `\"${root}/app.py\"`"
      ),
      ("env: {A: ${var.b}}", "within brackets, a text with `{` stands in quotes: `\"${var.b}\"`"),
      (
        "args: [--x=${var.a}${var.b}, y]",
        "within brackets, a text with `{` stands in quotes: `\"--x=${var.a}${var.b}\"`"
      ),
      ("args: [a[0], b]", "within brackets, a text with `[` stands in quotes: `\"a[0]\"`"),
      ("args: ['a' ${x}, b]", "add the missing `,` or `]`"),
      ("args: [a b", "add the missing `,` or `]`"),
      (
        "args: [a, b #c]",
        "behind a space, `#` begins a comment that hides the rest of the line: put the text in quotes"
      ),
      (
        "env: {}\n    args:\n      - #x",
        "behind a space, `#` begins a comment: put a text that starts with `#` in quotes"
      ),
      ("workingDir: @foo", "put a text that starts with `@` in quotes: `\"@foo\"`"),
      ("workingDir: %d ", "put a text that starts with `%` in quotes: `\"%d\"`"),
      ("workingDir: `pwd`", "put a text that starts with a backquote in quotes: `\"`pwd`\"`"),
      ("env: {A: b}\n    args:\n      - a: b: c", "if this is one text, it stands in quotes: `\"b: c\"`"),
      ("workingDir: http: //\"x\"", "if this is one text, it stands in quotes: `'http: //\"x\"'`"),
      (
        "workingDir: 'it's'",
        "the text ends at the `'` before: within single quotes, a `'` is written twice (`''`)"
      ),
      (
        "workingDir: \"a\" b",
        "the text ends at the `\"` before: within double quotes, a `\"` is written `\\\"`"
      ),
      ("args: [a] b", "the value ends at the `]` before: put the whole text in quotes"),
      ("args: [*.txt]", "put a text that starts with `*` or `&` in quotes"),
      ("workingDir: *glob", "define it first: `&glob`; or put it in quotes if it is a text: `\"*glob\"`"),
      ("\tuser: x", "indent with spaces"),
    ])
  func aTrapOfYAMLHasItsCure(line: String, help: String) {
    let diagnostics = Loaded("name: a\nservices:\n  - name: main\n    image: a:1\n    \(line)\n").result
      .diagnostics
    #expect(diagnostics.map(\.help) == [help], "\(diagnostics.map(\.message))")
  }

  @Test(
    "The nearest name is found",
    arguments: [
      ("imgae", ["image", "name"], "image"), ("dependOn", ["dependsOn"], "dependsOn"),
      ("depends_on", ["dependsOn"], "dependsOn"), ("b", ["a"], nil), ("A", ["a"], "a"),
      ("xyz", ["image"], nil),
      ("pots", ["ports", "host"], "ports"), ("", ["a"], nil),
    ])
  func theNearestNameIsFound(written: String, known: [String], nearest: String?) {
    #expect(Suggestion.nearest(to: written, among: known) == nearest)
  }
}
