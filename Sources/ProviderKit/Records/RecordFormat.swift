import WorkloadSpec

/// The format of what stores write down. A record holds its version under `format`, and under `berth` the version of the
/// berth that wrote it; records of 0.1 hold neither.
package enum RecordFormat {
  /// The version that this berth writes, and the newest that it reads.
  package static let version = 1

  /// What every record holds.
  package static let stamp: [Value.Member] = [
    .init("format", Value(version)), .init("berth", .string(BerthVersion.text)),
  ]

  /// Refuses a record that a newer berth wrote.
  ///
  /// - Parameter what: which record it is: `the record of run 7`.
  package static func check(_ json: Value, _ what: @autoclosure () -> String) throws(StoreError) {
    guard let format = json["format"]?.int, format > version else { return }
    throw newer(what(), writer: json["berth"]?.string, format: Int(format))
  }

  /// The error that says that a newer berth wrote something.
  ///
  /// - Parameter writer: its version, where that is known.
  package static func newer(_ what: String, writer: String?, format: Int? = nil) -> StoreError {
    // One that does not know its own records tells nothing by its version.
    let writer = writer == BerthVersion.text ? nil : writer
    let by = writer.map { "berth \($0)" } ?? "a newer version of berth"
    let format = format.map { ", in format \($0)" } ?? ""
    return StoreError(
      "\(what) was written by \(by)\(format), and this is berth \(BerthVersion.text), which can't read it",
      help: "update this berth\(writer.map { " to \($0) or later" } ?? ""); nothing was changed",
      code: .newerRecord)
  }
}
