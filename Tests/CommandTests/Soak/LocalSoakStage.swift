import Foundation
import ProviderContract

/// A home on this machine.
struct LocalSoakStage: SoakStage {
  let sandbox: Sandbox
  let place: [String] = []
  let image: String? = nil

  init() throws { sandbox = try Sandbox() }

  // When the log starts over, its size stays and its time moves.
  var journal: String? { sandbox.home + "/local/berth.db-wal" }

  func services() throws -> [SoakService] {
    try Census(home: sandbox.home).members.map {
      SoakService(id: "\($0.pid)", workload: $0.workload, service: $0.service, version: $0.version)
    }
  }

  func keepers() throws -> [String]? { try Census(home: sandbox.home).supervised }

  func volumes(of workload: String) throws -> [String] {
    try folders(in: "volumes", of: workload).map { $0 + "/data" }
  }

  func kill(_ service: SoakService) throws {
    guard let pid = Int32(service.id) else { return }
    Foundation.kill(pid, SIGKILL)
    // What has not ended yet does not count as what was started again.
    guard eventually({ !isRunning(Int64(pid)) }) else {
      throw Soak.Failure(description: "a killed service does not end")
    }
  }

  /// Nothing starts a dead supervisor again but the next apply.
  func killKeeper(of workload: String, using random: inout SplitMix64) throws -> String? {
    let census = try Census(home: sandbox.home)
    let folder = sandbox.home + "/local/instances/default_\(workload)_"
    let own = census.supervised.indices.filter { census.supervised[$0].hasPrefix(folder) }
    let sorted = own.sorted { census.supervisors[$0] < census.supervisors[$1] }
    guard let index = sorted.randomElement(using: &random) else { return nil }
    Foundation.kill(census.supervisors[index], SIGKILL)
    return "the supervisor of \(census.supervised[index].split(separator: "/").last ?? "")"
  }

  /// A config file that was edited by hand is mended by the next apply.
  func meddle(with workload: String, using random: inout SplitMix64) throws -> SoakMeddling? {
    guard let folder = try folders(in: "instances", of: workload).randomElement(using: &random) else {
      return nil
    }
    let file = "services/main/root/etc/app.conf"
    let path = "\(folder)/\(file)"
    try "by hand\n".write(toFile: path, atomically: true, encoding: .utf8)
    return SoakMeddling(description: "edit \(path.dropFirst(sandbox.home.count + 1))") { version in
      // Another instance may have taken the place of the one that was edited.
      try folders(in: "instances", of: workload).allSatisfy {
        try String(contentsOfFile: "\($0)/\(file)", encoding: .utf8) == "version \(version)\n"
      }
    }
  }

  private func folders(in place: String, of workload: String) throws -> [String] {
    let parent = "\(sandbox.home)/local/\(place)"
    guard FileManager.default.fileExists(atPath: parent) else { return [] }
    return try FileManager.default.contentsOfDirectory(atPath: parent).sorted()
      .filter { $0.hasPrefix("default_\(workload)_") }.map { "\(parent)/\($0)" }
  }
}
