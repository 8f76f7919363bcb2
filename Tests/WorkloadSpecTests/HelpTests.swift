import Testing
import WorkloadSpec

/// What is offered for mistakes that people bring along from other tools.
@Suite struct HelpTests {
  @Test(arguments: [
    ("ports: [80]", "write `{container: 80}`"),
    ("ports: ['8080:80']", "write `{container: 80, host: 8080}`"),
    ("ports: ['127.0.0.1:8080:53/udp']", "write `{container: 53, protocol: udp, host: 8080}`"),
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

  @Test(arguments: [
    ("imgae", ["image", "name"], "image"), ("dependOn", ["dependsOn"], "dependsOn"),
    ("depends_on", ["dependsOn"], "dependsOn"), ("b", ["a"], nil), ("A", ["a"], "a"), ("xyz", ["image"], nil),
    ("pots", ["ports", "host"], "ports"), ("", ["a"], nil),
  ])
  func theNearestNameIsFound(written: String, known: [String], nearest: String?) {
    #expect(Suggestion.nearest(to: written, among: known) == nearest)
  }
}
