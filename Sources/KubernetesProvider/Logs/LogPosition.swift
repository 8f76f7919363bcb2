import KubernetesAPI
import Values
import Wire

/// How far a container's log was read, so that reading can go on without losing or repeating a line.
///
/// A server takes whole seconds to begin at, and where a container writes to both streams at once, the times of its lines
/// are not quite in order. So reading begins a little before the last line, and lines that were read are left out.
struct LogPosition: Sendable {
  /// What tells lines of one second apart: the same line may come twice at one time.
  fileprivate struct Mark: Hashable {
    let time: ServerTime
    let bytes: [UInt8]
  }

  /// How many seconds before the last line reading begins again.
  private static let margin: Int64 = 1

  private var latest: ServerTime?
  private var seen: [Mark: Int] = [:]

  /// From when on it is read again; `nil` where nothing was read.
  var start: ServerTime? { latest.map { ServerTime(seconds: $0.seconds - Self.margin) } }

  /// A line was read.
  mutating func note(_ line: LoggedLine) {
    guard let time = line.time else { return }
    seen[Mark(time: time, bytes: line.bytes), default: 0] += 1
    let before = latest
    if before.map({ $0 < time }) ?? true { latest = time }
    if let before, let start, before.seconds < time.seconds { seen = seen.filter { $0.key.time >= start } }
  }

  /// Tells of the lines of one reading, in order, which are new.
  var filter: Filter { Filter(latest: latest, left: seen) }

  /// Tells which lines of a reading are new.
  struct Filter {
    private let latest: ServerTime?
    private var left: [Mark: Int]
    private var hasMet = false
    private var isPartNew = false

    fileprivate init(latest: ServerTime?, left: [Mark: Int]) { (self.latest, self.left) = (latest, left) }

    /// Whether a line was not read before. Parts of a long line are what the first of them is.
    mutating func isNew(_ line: LoggedLine) -> Bool {
      guard let time = line.time else { return isPartNew }
      isPartNew = isNew(Mark(time: time, bytes: line.bytes))
      return isPartNew
    }

    private mutating func isNew(_ mark: Mark) -> Bool {
      if let count = left[mark], count > 0 {
        left[mark] = count - 1
        hasMet = true
        return false
      }
      // What comes before all that was read was left out by a tail.
      if !hasMet, let latest, mark.time <= latest { return false }
      return true
    }
  }
}
