import Foundation
import Testing
import Values

@testable import NomadAPI

/// The agent that tests run against, if its address is named by BERTH_TEST_NOMAD_ADDR: one in development mode, which is
/// server and client and has the driver `raw_exec`. BERTH_TEST_NOMAD_TOKEN is its token, if it asks for one.
enum RealAgent {
  static let address = ProcessInfo.processInfo.environment["BERTH_TEST_NOMAD_ADDR"]
  static let isThere = address != nil
  static let skipped: Comment = "BERTH_TEST_NOMAD_ADDR names no Nomad agent"

  static func connect() async throws -> NomadClient {
    var options = NomadOptions()
    let address: String = try #require(address)
    options.address = address
    options.token = ProcessInfo.processInfo.environment["BERTH_TEST_NOMAD_TOKEN"]
    return try await NomadClient.connect(
      to: NomadAccess.resolve(options, environment: [:], source: "BERTH_TEST_NOMAD_ADDR"))
  }

  /// A job of one task that runs a script.
  static func job(_ id: String, count: Int = 1, _ script: String, env: [String: String] = [:]) -> NomadJob {
    var job = NomadJob(id: id)
    job["Datacenters"] = ["dc1"]
    job["TaskGroups"] = [
      [
        "Name": "main", "Count": .int(Int64(count)),
        "Update": [
          "MinHealthyTime": 2_000_000_000, "HealthyDeadline": 30_000_000_000,
          "ProgressDeadline": 60_000_000_000,
        ], "RestartPolicy": ["Attempts": 0, "Mode": "fail"],
        "Tasks": [
          [
            "Name": "web", "Driver": "raw_exec", "KillTimeout": 1_000_000_000,
            "Config": ["command": "/bin/sh", "args": ["-c", .string(script)]],
            "Env": .object(env.map { JSON.Member($0.key, .string($0.value)) }),
            "Resources": ["CPU": 20, "MemoryMB": 32],
          ]
        ],
      ]
    ]
    return job
  }

  /// Runs something with the ID of a job that is purged afterwards.
  static func withJob<Result>(_ body: (NomadClient, String) async throws -> Result) async throws -> Result {
    let client = try await connect()
    let id = "berth-test-\(UUID().uuidString.lowercased().prefix(13))"
    do {
      let result = try await body(client, id)
      _ = try await client.jobs.stop(id, purge: true)
      return result
    } catch {
      _ = try? await client.jobs.stop(id, purge: true)
      throw error
    }
  }
}

extension NomadClient {
  /// Waits until the allocations of a job are in some state.
  func allocations(
    of job: String, until isThere: @escaping @Sendable ([Allocation]) -> Bool
  ) async throws -> [Allocation] {
    try await inTime(.seconds(60)) {
      for try await found in self.follow(wait: .seconds(5), { try await self.jobs.allocations(of: job, $0) })
      {
        if isThere(found.value) { return found.value }
      }
      throw NomadError("the allocations ended")
    }
  }

  /// Waits until the newest deployment of a job is in some state.
  func deployment(
    of job: String, until isThere: @escaping @Sendable (Deployment) -> Bool
  ) async throws -> Deployment {
    try await inTime(.seconds(90)) {
      for try await found in self.follow(
        wait: .seconds(5), { try await self.jobs.latestDeployment(of: job, $0) })
      {
        if let deployment = found.value, isThere(deployment) { return deployment }
      }
      throw NomadError("the deployment ended")
    }
  }
}
