import Diagnostics

/// How much memory reading takes at its peak, in proportion to what is read.
enum MemorySection {
  static func run() {
    let bytes = SpecGenerator.text(workloads: 5000)
    let file = SourceFile(name: "generated.yaml", bytes: bytes)
    guard let before = PeakMemory.restart() else { return }
    let count = SpecGenerator.load(file, workloads: 5000).count
    guard let after = PeakMemory.now() else { return }
    let ratio = Double(after - before) / Double(bytes.count)
    print("Memory: \(count) workloads read, and the results held")
    print("  peak  \((after - before) >> 20) MiB  \(Measure.fixed(ratio, 1)) × the input\n")
  }
}
