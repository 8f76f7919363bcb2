import ComposeImport
import Foundation
import Testing
import WorkloadSpec

/// Made-up projects whose services depend on, name and share with each other at random.
@Suite struct SplitPropertyTests {
  /// Numbers that follow from a seed.
  private struct Dice {
    var state: UInt64

    mutating func roll(_ sides: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(sides))
    }
  }

  /// A compose file. Services depend on earlier ones only, so that compose could start it; they name any.
  private func file(_ seed: Int) -> String {
    var dice = Dice(state: UInt64(seed))
    let count = 2 + dice.roll(7)
    var text = "services:\n"
    for number in 0..<count {
      text += "  s\(number):\n    image: shop/s:1\n"
      if dice.roll(3) == 0 { text += "    ports: [\"\(8000 + number)\"]\n" }
      if dice.roll(6) == 0 { text += "    deploy: {replicas: \(1 + dice.roll(3))}\n" }
      if dice.roll(5) == 0 { text += "    volumes: [\"v\(dice.roll(2)):/v\"]\n" }
      switch dice.roll(8) {
      case 0: text += "    networks: [a]\n"
      case 1: text += "    networks: [a, b]\n"
      case 2: text += "    network_mode: host\n"
      case 3: text += "    networks: [out]\n"
      default: break
      }
      if number > 0, dice.roll(8) == 0 { text += "    pid: service:s\(dice.roll(number))\n" }
      var dependencies: [Int: String] = [:]
      for _ in 0..<dice.roll(3) where number > 0 {
        dependencies[dice.roll(number)] =
          dice.roll(3) == 0 ? "service_completed_successfully" : "service_started"
      }
      if !dependencies.isEmpty {
        text += "    depends_on:\n"
        for target in dependencies.keys.sorted() {
          text += "      s\(target): {condition: \(dependencies[target] ?? "")}\n"
        }
      }
      text += "    environment:\n      X: y\n"
      for index in 0..<dice.roll(3) {
        let target = dice.roll(count)
        text += "      A\(index)_URL: \"http://s\(target):\(8000 + target)/\"\n"
      }
      if dice.roll(4) == 0 { text += "      B_HOST: s\(dice.roll(count))\n" }
      if dice.roll(6) == 0 { text += "      C: \"${C\(number):-tcp://s\(dice.roll(count)):1234}\"\n" }
    }
    return text + "volumes: {v0: {}, v1: {}}\nnetworks: {a: {}, b: {}, out: {external: true}}\n"
  }

  @Test("Projects become valid workloads", arguments: 0..<8)
  func projectsBecomeValidWorkloads(block: Int) throws {
    let folder = NSTemporaryDirectory() + "berth-split-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var split = 0
    for seed in block * 50..<block * 50 + 50 {
      let text = file(seed)
      try text.write(toFile: "\(folder)/compose.yaml", atomically: true, encoding: .utf8)
      for splits in [false, true] {
        var options = ComposeOptions()
        options.name = "app"
        options.splits = splits
        options.outputFolder = folder
        let result = ComposeImporter.run(["\(folder)/compose.yaml"], options: options)
        let errors = result.diagnostics.filter { $0.severity == .error }.map(\.message)
        #expect(errors.isEmpty, "\(seed), split: \(splits): \(errors)\n\(text)")
        if splits { split += result.workloads.count }
        checkBorders(result.workloads.compactMap(\.workload), "\(seed)\n\(text)")
      }
    }
    #expect(split > 100)
  }

  /// What a text refers to is there, and no workload waits for itself.
  private func checkBorders(_ workloads: [Workload], _ seed: String) {
    for workload in workloads {
      for reference in workload.services.flatMap(\.addressUses).map(\.reference) {
        let target = workloads.first { $0.name == reference.workload }?.service(reference.service)
        #expect(target != nil, "\(reference.name) \(seed)")
        guard let port = reference.port else { continue }
        #expect(target?.ports.contains { $0.container == port && $0.protocol == .tcp } == true, "\(seed)")
      }
    }
    let edges = Dictionary(uniqueKeysWithValues: workloads.map { ($0.name, $0.waitsFor.elements) })
    #expect(NameGraph(workloads.map(\.name), edges).cycles.isEmpty, "\(seed)")
    #expect(Set(workloads.map(\.name)).count == workloads.count, "\(seed)")
  }
}
