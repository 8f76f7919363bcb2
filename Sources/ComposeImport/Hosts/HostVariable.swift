/// What the name of an environment variable, of an option or of a setting says about its value.
enum HostVariable: Sendable {
  /// It is a host, an address, or a list of them.
  case host
  /// It is the name by which others know the service itself.
  case own
  /// It is something else, though it may look like a host: an image, a user, the kind of a database.
  case never
  /// It may be one: the name speaks of hosts, and ends otherwise.
  case likely
  /// Nothing.
  case other

  /// Judges a name: `DB_HOST`, `--redis-url`, `discovery.seed_hosts`.
  init(_ name: some StringProtocol) {
    let name = name.uppercased()
    let stem = String(name.reversed().drop { !$0.isLetter }.reversed())
    if Self.ownMarks.contains(where: { name.contains($0) }) {
      self = .own
    } else if Self.hostEnds.contains(where: { stem.hasSuffix($0) }) {
      self = .host
    } else {
      let parts = stem.split { !$0.isLetter }.map(String.init)
      self =
        parts.contains { Self.hostEnds.contains($0) }
        ? .likely : parts.last.map { Self.otherEnds.contains($0) } == true ? .never : .other
    }
  }

  private static let ownMarks = ["ADVERTISE", "ALLOWED", "TRUSTED", "CORS", "ORIGIN", "VIRTUAL_HOST"]

  private static let hostEnds: Set = [
    "HOST", "HOSTS", "HOSTNAME", "HOSTNAMES", "SERVER", "SERVERS", "ADDR", "ADDRS", "ADDRESS", "ADDRESSES",
    "URL", "URLS", "URI", "URIS", "ENDPOINT", "ENDPOINTS", "BROKER", "BROKERS", "NODES", "PEERS", "UPSTREAM",
    "UPSTREAMS",
  ]

  private static let otherEnds: Set = [
    "ADAPTER", "BACKEND", "BUCKET", "CLIENT", "CONNECTION", "DATABASE", "DB", "DIALECT", "DRIVER", "ENGINE",
    "ENV", "ENVIRONMENT", "GID", "GROUP", "IMAGE", "KEY", "KIND", "LABEL", "MODE", "NAME", "NAMESPACE", "ORG",
    "OWNER", "PASS", "PASSWORD", "PROFILE", "PROFILES", "PROJECT", "PROVIDER", "QUEUE", "REALM", "ROLE",
    "SCHEMA", "SECRET", "STORAGE", "STORE", "TAG", "TITLE", "TOKEN", "TOPIC", "TYPE", "UID", "USER",
    "USERNAME", "VERSION", "VHOST",
  ]
}
