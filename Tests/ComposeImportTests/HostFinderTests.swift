import Testing

@testable import ComposeImport

/// Which words of texts are hosts beyond doubt, which may be some, and which are none.
@Suite struct HostFinderTests {
  private let finder = HostFinder(["db", "cache", "web", "postgres", "zoo1", "my_db"]) { name, port in
    name == "web" && port == 81
  }

  /// The mentions as `NAME:PORT` or `NAME`, with `?` where it only looks like one, and `??` where it may be anything.
  private func written(_ mentions: [HostMention]) -> [String] {
    mentions.map { mention in
      let port = mention.port.map { ":\($0.number)" + ($0.isFollowed ? "…" : "") } ?? ""
      let marks = [Certainty.sure: "", .likely: "?", .possible: "??"]
      return mention.name + port + (marks[mention.certainty] ?? "")
    }
  }

  /// An environment variable, and what is found in it.
  static let variables: [(name: String, value: String, found: [String])] = [
    // URLs.
    ("REDIS_URL", "redis://cache:6379/0", ["cache:6379"]),
    ("ANYTHING", "redis://cache:6379/0", ["cache:6379"]),
    ("X", "postgres://postgres:secret@db:5432/db", ["db:5432"]),
    ("X", "postgres://db:web@db/web?sslmode=off", ["db"]),
    ("X", "jdbc:postgresql://db:5432/app", ["db:5432"]),
    ("X", "http://web", ["web"]),
    ("X", "http://web/", ["web"]),
    ("X", "http://web?a=db", ["web"]),
    ("X", "http://web:8080,http://cache", ["web:8080", "cache"]),
    ("X", "mongodb://db:27017,cache:27017/a", ["db:27017", "cache:27017"]),
    ("X", "mongodb://u:p@db:27017,cache:27017", ["db:27017", "cache:27017"]),
    ("X", "PLAINTEXT://cache:9092,SSL://db:9093", ["cache:9092", "db:9093"]),
    ("X", "http://my_db:80/", ["my_db:80"]),
    ("X", "redis://cache:", ["cache"]),
    // None of a URL.
    ("X", "http://db.example.com/", []),
    ("X", "http://example.com/db", []),
    ("X", "http://example.com/web:8080", []),
    ("X", "http://webs/ http://aweb/ http://web-1/ http://web_1", []),
    ("X", "redis://cache:pass@example.com", []),
    ("X", "postgres://db:5432@example.com/x", []),
    ("X", "sqlite://db", []), ("X", "file://db/x", []), ("X", "s3://web/x", []),
    ("X", "docker://cache:6379", []),
    ("X", "http://Web", []),
    // With a port.
    ("X", "db:5432", ["db:5432"]),
    ("X", "user:pass@tcp(db:3306)/app", ["db:3306"]),
    ("X", "user:pass@db:3306/app", ["db:3306"]),
    ("X", "db:5432,cache:6379", ["db:5432", "cache:6379"]),
    ("X", "server.1=zoo1:2888:3888;2181", ["zoo1:2888…"]),
    ("X", "web:81", ["web:81"]), ("X", "web:80", ["web:80"]), ("X", "web:82", ["web:82?"]),
    ("WEB_HOST", "web:82", ["web:82"]),
    ("X", "postgres:16", ["postgres:16?"]), ("X", "postgres:16-alpine", []),
    ("DB_IMAGE", "postgres:16", []), ("DB_IMAGE", "postgres:5432", []),
    ("X", "library/postgres:1600", []), ("X", "tcp:db:5432", ["db:5432?"]),
    ("X", "db:54321x", []), ("X", "db:99999", []), ("X", "db:05432", []), ("X", "adb:5432", []),
    ("X", "db:5432.", []), ("X", "$db:5432", []), ("X", "${db:5432}", []), ("X", "{db:5432}", ["db:5432"]),
    ("X", "a.db:5432", []),
    // Alone.
    ("DB_HOST", "db", ["db"]), ("PGHOST", "db", ["db"]), ("dbHost", "db", ["db"]),
    ("DB_HOST_2", "db", ["db"]),
    ("DB_SERVER", "db", ["db"]), ("DB_ADDR", "db", ["db"]), ("KAFKA_BROKERS", "cache, db", ["cache", "db"]),
    ("discovery.seed_hosts", "db,cache", ["db", "cache"]), ("API_URL", "web", ["web"]),
    ("DB_HOST_NAME", "db", ["db?"]), ("ALLOWED_HOSTS", "web,localhost", ["web?"]),
    ("KAFKA_ADVERTISED_LISTENERS", "PLAINTEXT://cache:9092", ["cache:9092?"]),
    ("PRIMARY", "db", ["db??"]), ("X", "user@db", ["db?"]), ("X", "//db/x", ["db?"]),
    ("POSTGRES_USER", "postgres", []), ("DB_CONNECTION", "db", []), ("POSTGRES_DB", "db", []),
    ("CACHE_DRIVER", "cache", []), ("DB_HOST", "db1", []), ("DB_HOST", "the-db", []), ("DB_HOST", "", []),
    ("HOST_NOTE", "it is in db.", []),
  ]

  @Test("In variables", arguments: variables)
  func inVariables(name: String, value: String, found: [String]) {
    let all = finder.inVariable(name, value: value)
    for mention in all {
      let scalars = Array(value.unicodeScalars)[mention.range]
      #expect(String(String.UnicodeScalarView(scalars)) == mention.name)
    }
    let places = Dictionary(grouping: all) { $0.range.lowerBound }
    let best = places.keys.sorted().compactMap { places[$0]?.max { $0.certainty < $1.certainty } }
    #expect(written(best) == found)
  }

  /// A command, and what is found in it.
  static let commands: [(words: [String], found: [String])] = [
    (["run", "--host", "db"], ["db"]), (["run", "--host=db"], ["db"]), (["run", "--db-host", "db"], ["db"]),
    (["run", "--redis-url=cache"], ["cache"]), (["env", "DB_HOST=db", "run"], ["db"]),
    (["wait-for-it", "db:5432", "--", "run"], ["db:5432"]),
    (["sh", "-c", "until pg_isready -h db -U db; do sleep 1; done; run web"], ["db"]),
    (["redis-cli", "-h", "cache", "ping"], ["cache"]), (["x", "-h", "cache"], ["cache?"]),
    (["x", "-H", "cache"], ["cache?"]), (["nc", "-z", "db", "5432"], ["db"]),
    (["sh", "-c", "while ! nc -z db 5432; do sleep 1; done"], ["db"]),
    (["bash", "-c", "echo > /dev/tcp/db/5432"], ["db"]),
    (["curl", "-f", "http://web:8080/health"], ["web:8080"]),
    (["--name", "web", "--db-name=db"], []), (["celery", "-A", "web", "worker"], []), (["web"], []),
    (["npm", "run", "web"], []), (["psql", "-U", "db", "-d", "db"], []),
    (["docker", "run", "postgres:16"], ["postgres:16?"]),
    (["nc", "--help", ";", "db"], []), (["--advertise-host", "web"], ["web?"]),
  ]

  @Test("In commands", arguments: commands)
  func inCommands(words: [String], found: [String]) {
    #expect(written(finder.inCommand(words).map(\.mention)) == found)
  }

  /// The content of a config file, and what is found in it.
  static let contents: [(content: String, found: [String])] = [
    ("location / { proxy_pass http://web:8000; }", ["web:8000"]),
    ("upstream web { server web:8000; }\nlocation / { proxy_pass http://web; }", ["web:8000"]),
    ("upstream all { server web:8000; }\nlocation / { proxy_pass http://cache/; }", ["web:8000", "cache"]),
    ("scrape_configs:\n- static_configs: [{targets: ['web:9090', \"db:9187\"]}]", ["web:9090", "db:9187"]),
    ("reverse_proxy /api/* web:3000\n", ["web:3000"]),
    ("host: db\nname: db\n", ["db??"]), ("{\"host\": \"db\", \"user\": \"db\"}", ["db??"]),
    ("image: postgres:16\n", ["postgres:16?"]), ("db\nweb\n", []),
  ]

  @Test("In contents", arguments: contents)
  func inContents(content: String, found: [String]) {
    #expect(written(finder.inContent(content)) == found)
  }

  @Test("Signs with accents count as they are in a text of compose")
  func signsWithAccentsCountAsTheyAreInATextOfCompose() {
    let mentions = finder.inVariable("X", value: "e\u{301}\r\nhttp://db:5432")
    #expect(mentions.map(\.range) == [11..<13])
  }
}
