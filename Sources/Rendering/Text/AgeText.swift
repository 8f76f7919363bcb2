import Planning
import Values

/// How long ago something was, in the one or two units that matter: `45s`, `12m`, `3h12m`, `9d`.
enum AgeText {
  static func from(_ moment: Timestamp, to now: Timestamp) -> String {
    // Two machines' clocks differ: what seems to be in the future is now.
    let seconds = max(0, (now - moment).components.seconds)
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86400)
    switch seconds {
    case ..<120: return "\(seconds)s"
    case ..<3600: return "\(minutes)m"
    case ..<86400: return minutes % 60 == 0 ? "\(hours)h" : "\(hours)h\(minutes % 60)m"
    case ..<(7 * 86400): return hours % 24 == 0 ? "\(days)d" : "\(days)d\(hours % 24)h"
    default: return "\(days)d"
    }
  }
}
