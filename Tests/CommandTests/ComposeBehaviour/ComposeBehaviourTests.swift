import Foundation
import Testing
import WorkloadSpec

/// What compose starts, and what an imported spec starts, are the same containers by the engine's own word. Where
/// they differ, `ExplainedDifference` says why. Skipped without an engine, or without the program `docker compose`.
@Suite(
  .serialized, DockerStage.isThere, .enabled(if: ComposeStage.program != nil, "needs BERTH_TEST_COMPOSE"))
struct ComposeBehaviourTests {
  /// Keys of a service, beside its image and a command that sleeps.
  static let cases: [String] = [
    "",
    "user: \"1000:1000\", group_add: [\"998\"], working_dir: /tmp, hostname: web.example, stop_signal: SIGQUIT",
    "init: true, tty: true, stdin_open: true, stop_grace_period: 3s",
    "read_only: true, security_opt: [\"no-new-privileges:true\", seccomp=unconfined]",
    "cap_add: [CAP_NET_ADMIN, sys_time], cap_drop: [CHOWN], devices: [\"/dev/null:/dev/nil:r\"]",
    "device_cgroup_rules: [\"c 13:* rmw\"], oom_score_adj: 100, cpuset: \"0\", cpu_shares: 512",
    "mem_limit: 64m, memswap_limit: 128m, mem_reservation: 32m, pids_limit: 50, cpus: 0.5, shm_size: 32m",
    "ulimits: {nofile: {soft: 100, hard: 200}, nproc: 50}",
    "deploy: {resources: {limits: {cpus: \"0.5\", memory: 64M, pids: 20}, reservations: {memory: 32M}}}",
    "extra_hosts: [\"a:10.0.0.1\", \"b=10.0.0.2\"], dns: [1.1.1.1], dns_search: example.com, dns_opt: [\"ndots:2\"]",
    "sysctls: {net.core.somaxconn: 200}, mac_address: \"02:42:ac:11:00:09\", domainname: example.com",
    "network_mode: host", "network_mode: none",
    "ports: [\"127.0.0.1:18080:80\", \"0.0.0.0:18081:81\", \"18082:82/udp\", \"18100-18102:3000-3002\"]",
    "tmpfs: [\"/a:size=1m,mode=1700\"], volumes: [{type: tmpfs, target: /b, tmpfs: {size: 2m, mode: 0755}}]",
    "volumes: [\"./data:/data\", \"/tmp:/host:ro\", {type: bind, source: data, target: /again, read_only: true}]",
    "volumes: [\"named:/n:nocopy\", \"other:/m:ro\"]",
    "healthcheck: {test: [CMD, \"true\"], interval: 2s, timeout: 1s, retries: 5, start_period: 3s}",
    "healthcheck: {disable: true}, pid: host, ipc: shareable, uts: host",
    "environment: {A: \"x $$y\", B: \"\"}, labels: {team: web}, restart: always",
    "logging: {driver: json-file, options: {max-size: 1m, max-file: \"2\"}}",
  ]

  @Test("An imported service is what compose makes", arguments: cases)
  func anImportedServiceIsWhatComposeMakes(_ keys: String) async throws {
    try await DockerStage().use { engine in
      let stage = ComposeStage(engine)
      try stage.prepare(keys)
      let wanted = try stage.containerOfCompose()
      let imported = try stage.containerOfBerth()
      let differences = ExplainedDifference.unexplained(between: wanted, and: imported, named: keys)
      #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
    }
  }
}
