import Values
import WorkloadSpec

/// A day of the week.
public enum Weekday: String, SpecChoice {
  /// Monday, the first.
  case mon
  /// Tuesday.
  case tue
  /// Wednesday.
  case wed
  /// Thursday.
  case thu
  /// Friday.
  case fri
  /// Saturday.
  case sat
  /// Sunday.
  case sun
}

/// A time of the week in which workloads may be changed.
public struct ChangeWindow: SpecObject {
  /// The days on which it opens; none means every day.
  public var days: [Weekday] = []
  /// When it opens.
  public var from = TimeOfDay.start
  /// When it closes: on the next day, if that is not later than it opens.
  public var to = TimeOfDay.end
  /// Whose clocks are meant.
  public var zone = ZoneName.utc

  /// Always.
  public init() {}

  /// The statement of its fields.
  public static let schema = ObjectSchema<ChangeWindow>(
    "window", "A time of the week in which workloads may be changed.",
    synonyms: ["weekdays": "days", "start": "from", "end": "to", "until": "to", "timezone": "zone"],
    alternatives: Alternatives(
      ["days", "from", "to"], help: "say when: `{days: [mon, tue], from: 09:00, to: 16:00}`"),
    fields: [
      Field("days", \.days, "the days on which it opens; without them, every day"),
      Field("from", \.from, "when it opens"),
      Field("to", \.to, "when it closes; on the next day, if that is not later than `from`"),
      Field("zone", \.zone, "whose clocks are meant: a name of the IANA database, such as `Europe/Berlin`"),
    ])

  /// Whether it is open at a moment.
  public func contains(_ now: Timestamp) -> Bool {
    let minutes = zone.local(now).flooredDivision(by: 60_000)
    let day = minutes.flooredDivision(by: 1440)
    let minute = Int(minutes - day * 1440)
    if from < to { return opens(on: day) && (from.minutes..<to.minutes).contains(minute) }
    return opens(on: day) && minute >= from.minutes || opens(on: day - 1) && minute < to.minutes
  }

  /// - Parameter day: days since 1970-01-01, which was a Thursday.
  private func opens(on day: Int64) -> Bool {
    let weekday = Int((day + 3) - (day + 3).flooredDivision(by: 7) * 7)
    return days.isEmpty || days.contains(Weekday.allCases[weekday])
  }

  /// In words: `mon–thu 09:00–16:00 Europe/Berlin`.
  public var words: String {
    let hours = from == .start && to == .end ? nil : "\(from)–\(to)"
    return [dayWords, hours, zone.description].compactMap(\.self).joined(separator: " ")
  }

  /// `mon–thu, sat`; `nil` if every day is meant.
  private var dayWords: String? {
    let all = Weekday.allCases
    let places = Set(days.compactMap { all.firstIndex(of: $0) }).sorted()
    guard !places.isEmpty, places.count < all.count else { return nil }
    var runs: [ClosedRange<Int>] = []
    for place in places {
      if let last = runs.last, last.upperBound == place - 1 {
        runs[runs.count - 1] = last.lowerBound...place
      } else {
        runs.append(place...place)
      }
    }
    return runs.map { run in
      let (first, last) = (all[run.lowerBound].rawValue, all[run.upperBound].rawValue)
      return switch run.count {
      case 1: first
      case 2: "\(first), \(last)"
      default: "\(first)–\(last)"
      }
    }.joined(separator: ", ")
  }
}
