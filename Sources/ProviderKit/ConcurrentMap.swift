extension Sequence where Element: Sendable {
  /// What a function makes of each element, in the order of the elements.
  ///
  /// - Parameter limit: how many elements it works on at the same time.
  package func concurrentMap<Output: Sendable>(
    atOnce limit: Int, _ transform: @escaping @Sendable (Element) async -> Output
  ) async -> [Output] {
    await withTaskGroup(of: (Int, Output).self) { group in
      var outputs: [Int: Output] = [:]
      for (index, element) in enumerated() {
        if index >= limit, let (done, output) = await group.next() { outputs[done] = output }
        group.addTask { (index, await transform(element)) }
      }
      for await (done, output) in group { outputs[done] = output }
      return outputs.sorted { $0.key < $1.key }.map(\.value)
    }
  }
}
