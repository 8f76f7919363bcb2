import Diagnostics
import WorkloadSpec

/// Reads texts, one layer each, and shows what is wrong as `E0101 file:line:column`.
struct Loaded {
  let result: LoadResult

  init(result: LoadResult) { self.result = result }

  init(_ layers: String..., options: LoadOptions = LoadOptions()) {
    result = WorkloadLoader.load(
      layers: layers.enumerated().map { [SourceFile(name: "\($0.offset)", text: $0.element)] },
      options: options)
  }

  var workload: Workload? { result.workloads.first?.workload }

  /// `E0403 0:7:5` for each diagnostic, in order.
  var problems: [String] {
    result.diagnostics.map { item in
      guard let place = item.location else { return item.code.rawValue }
      return "\(item.code.rawValue) \(place.file.name):\(place.line):\(place.column)"
    }
  }

  /// Everything that is said, for failed expectations.
  var messages: [String] { result.diagnostics.map { "\($0.message); \($0.help ?? "")" } }
}
