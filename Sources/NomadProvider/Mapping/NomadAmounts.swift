import ProviderKit
import Values
import WorkloadSpec

extension SpecDuration {
  /// In nanoseconds, which is how Nomad counts; the longest time that there is, if it is longer.
  var nanoseconds: JSON {
    let (nanoseconds, overflow) = milliseconds.multipliedReportingOverflow(by: 1_000_000)
    return .int(overflow ? .max : nanoseconds)
  }

  /// Reads nanoseconds; what is less than a millisecond is rounded up.
  init?(nanoseconds: JSON?) {
    guard let number = nanoseconds?.int else { return nil }
    self.init(milliseconds: number / 1_000_000 + (number % 1_000_000 > 0 ? 1 : 0))
  }
}

extension ByteQuantity {
  /// In whole MiB, which is what Nomad counts memory and disk in: no less than it is, and one at least.
  var mebibytes: Int64 { Swift.max(1, bytes / (1 << 20) + (bytes % (1 << 20) > 0 ? 1 : 0)) }

  /// So many MiB.
  init(mebibytes: Int64) {
    let (bytes, overflow) = mebibytes.multipliedReportingOverflow(by: 1 << 20)
    self.init(bytes: overflow ? .max : bytes)
  }

  /// What is live of an amount that was stated like this.
  static func live(_ stated: ByteQuantity?, _ mebibytes: JSON?) -> ByteQuantity? {
    guard let number = mebibytes?.int, number > 0 else { return nil }
    return stated?.mebibytes == number ? stated : ByteQuantity(mebibytes: number)
  }
}

extension CPUQuantity {
  /// In MHz, with so many to a core: no less than it is, and one at least.
  func megahertz(_ core: Int) -> Int64 {
    let (product, overflow) = millicores.multipliedReportingOverflow(by: Int64(core))
    return overflow ? .max : Swift.max(1, product / 1000 + (product % 1000 > 0 ? 1 : 0))
  }

  /// What is live of an amount that was stated like this.
  static func live(_ stated: CPUQuantity?, _ megahertz: JSON?, _ core: Int) -> CPUQuantity? {
    guard let number = megahertz?.int, number > 0 else { return nil }
    if let stated, stated.megahertz(core) == number { return stated }
    let (product, overflow) = number.multipliedReportingOverflow(by: 1000)
    return CPUQuantity(millicores: overflow ? .max : Swift.max(1, product / Int64(core)))
  }
}
