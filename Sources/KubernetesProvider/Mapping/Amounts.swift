import KubernetesAPI
import Values
import WorkloadSpec

extension ByteQuantity {
  /// As Kubernetes writes it: in whole bytes, or with the largest unit that leaves no rest.
  var amount: JSON {
    for (suffix, size) in Self.binary + Self.decimal where bytes % size == 0 && bytes > 0 {
      return .string("\(bytes / size)\(suffix)")
    }
    return .string(String(bytes))
  }

  /// Reads an amount as a server writes it.
  init?(amount: JSON?) {
    guard let text = amount?.amountText else { return nil }
    if let quantity = ByteQuantity(text) {
      self = quantity
    } else if let bytes = Int64(text) {
      self.init(bytes: bytes)
    } else if text.last == "m", let thousandths = Int64(text.dropLast()) {
      self.init(bytes: thousandths / 1000 + (thousandths % 1000 == 0 ? 0 : 1))
    } else {
      return nil
    }
  }

  private static let binary: [(String, Int64)] = [
    ("Ei", 1 << 60), ("Pi", 1 << 50), ("Ti", 1 << 40), ("Gi", 1 << 30), ("Mi", 1 << 20), ("Ki", 1 << 10),
  ]
  private static let decimal: [(String, Int64)] = [
    ("E", 1_000_000_000_000_000_000), ("P", 1_000_000_000_000_000), ("T", 1_000_000_000_000),
    ("G", 1_000_000_000), ("M", 1_000_000), ("k", 1000),
  ]
}

extension CPUQuantity {
  /// As Kubernetes writes it.
  var amount: JSON { .string(description) }

  /// Reads an amount as a server writes it, which makes `1k` of a thousand cores.
  init?(amount: JSON?) {
    guard let text = amount?.amountText else { return nil }
    if let quantity = CPUQuantity(text) {
      self = quantity
    } else if let cores = MeasuredQuantity.read(text), cores < 1e12 {
      self.init(millicores: Int64((cores * 1000).rounded(.up)))
    } else {
      return nil
    }
  }
}

extension SpecDuration {
  /// In whole seconds, which is all that Kubernetes takes: no less than it is, and one at least.
  var wholeSeconds: Int64 { Swift.max(1, (milliseconds + 999) / 1000) }

  /// What is live of a time that was stated like this.
  ///
  /// - Parameter seconds: what the engine has.
  static func live(_ stated: SpecDuration?, _ seconds: JSON?) -> SpecDuration? {
    guard let seconds = seconds?.int else { return nil }
    return stated?.wholeSeconds == seconds ? stated : .seconds(seconds)
  }
}

extension JSON {
  /// An amount, which may be written as a number.
  fileprivate var amountText: String? {
    switch self {
    case .string(let text), .number(let text): text
    case .int(let number): String(number)
    default: nil
    }
  }
}
