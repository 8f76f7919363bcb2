import Planning
import Values
import WorkloadSpec

/// The status of a workload for programs.
public enum StatusJSON {
  /// An object with these keys; what is not known is `null`, moments are as RFC 3339 has them, in UTC.
  ///
  /// | key | value |
  /// | --- | --- |
  /// | `workload`, `namespace`, `target` | names |
  /// | `state` | the worst state of the instances; `null` if there are none |
  /// | `isReady`, `restarts` | of all instances together |
  /// | `controller` | of an engine that makes and rolls instances by itself, `progress` (`settled`, `rolling`, `stuck`, `held`, `paused` or `orphaned`) and `message`; else `null` |
  /// | `operatorState` | what operators asked: `stopped`, a list of `instance` and `service` (`null` means all), `suspension` with `reason`, `by` and `since`, and `rollout`, the paused one, with `strategy`, `instances`, `replicas`, `by` and `since` |
  /// | `release` | `number`, `recordedAt`, `by`, `restoredFrom` |
  /// | `lastRun` | `id`, `intent`, `outcome`, `startedAt`, `endedAt`, `by`, `failure` |
  /// | `instances` | `id`, `isNew` (whether a paused rollout made it), `state`, `isAlive`, `isReady`, `restarts`, `message`, `services` |
  /// | `before` | the services that run once per run, as they ran last |
  /// | `volumes` | `name`, `ordinal`, `type`, `size`, and `isDetached`: whether no service uses it |
  /// | `foreign` | `name`, `kind` |
  /// | `gaps` | what could not be looked at |
  ///
  /// A service has `name`, `role`, `state`, `isReady`, `hasCompleted`, `restarts`, `since`, `exitCode`,
  /// `processID`, `message` and `endpoints` (`container`, `protocol`, `address`, `host`). A machine has `machine` besides: `id`,
  /// `addresses`, `zone`, `subnet`, `image`, `type` and `disk`, as its cloud tells them.
  public static func render(_ status: WorkloadStatus) -> String { CanonicalJSON.pretty(value(status)) }

  /// The same object on one line, with its line break.
  public static func line(_ status: WorkloadStatus) -> String { CanonicalJSON.compact(value(status)) + "\n" }

  private static func value(_ status: WorkloadStatus) -> Value {
    let observation = status.observation
    return [
      "workload": .string(status.key.name),
      "namespace": .string(status.key.namespace),
      "target": .string(status.target),
      "state": Value(status.state?.rawValue),
      "isReady": .bool(status.isReady),
      "restarts": Value(status.restarts),
      "controller": observation.controller.map { controller in
        [
          "progress": .string(controller.progress.word), "message": Value(controller.progress.message),
        ]
      } ?? .null,
      "operatorState": OperatorStateJSON.value(status.operatorState),
      "release": status.release.map(value) ?? .null,
      "lastRun": status.lastRun.map(value) ?? .null,
      "instances": .list(
        observation.instances.map { value($0, isNew: status.newInstances.contains($0.id)) }),
      "before": .list((observation.before?.services ?? []).map(value)),
      "volumes": .list(
        observation.volumes.map {
          [
            "name": .string($0.name), "ordinal": Value($0.ordinal), "type": .string($0.type.rawValue),
            "size": Value($0.size?.description), "isDetached": .bool(observation.isDetached($0)),
          ]
        }),
      "foreign": .list(observation.foreign.map { ["name": .string($0.name), "kind": .string($0.kind)] }),
      "gaps": .list(observation.gaps.map(Value.string)),
    ]
  }

  private static func value(_ release: Release) -> Value {
    [
      "number": Value(release.number), "recordedAt": .string(release.recordedAt.description),
      "by": .string(release.by), "restoredFrom": Value(release.restoredFrom),
    ]
  }

  private static func value(_ run: Run) -> Value {
    [
      "id": .string(run.id.description), "intent": .string(run.intent.text),
      "outcome": .string(run.outcome.rawValue), "startedAt": .string(run.startedAt.description),
      "endedAt": Value(run.endedAt?.description), "by": .string(run.by), "failure": Value(run.failure),
    ]
  }

  private static func value(_ instance: ObservedInstance, isNew: Bool) -> Value {
    [
      "id": .string(instance.id.description), "isNew": .bool(isNew),
      "state": .string(instance.state.rawValue),
      "isAlive": .bool(instance.isAlive), "isReady": .bool(instance.isReady),
      "restarts": Value(instance.restarts), "message": Value(instance.message),
      "services": .list(instance.services.map(value)),
    ]
  }

  private static func value(_ service: ObservedService) -> Value {
    guard let machine = service.machine, let spec = service.live.spec.as(Machine.self) else {
      return .map(members(of: service))
    }
    let facts: Value = [
      "id": .string(machine.id), "addresses": .list(machine.addresses.map(Value.string)),
      "zone": Value(machine.zone), "subnet": Value(machine.subnet), "image": Value(spec.image),
      "type": Value(spec.type), "disk": Value(spec.disk?.description),
    ]
    return .map(members(of: service) + [.init("machine", facts)])
  }

  private static func members(of service: ObservedService) -> [Value.Member] {
    let value: Value = [
      "name": .string(service.name), "role": .string(service.live.spec.role.rawValue),
      "state": .string(service.state.rawValue), "isReady": .bool(service.isReady),
      "hasCompleted": .bool(service.hasCompleted), "restarts": Value(service.restarts),
      "since": Value(service.since?.description), "exitCode": Value(service.exitCode),
      "processID": Value(service.processID), "message": Value(service.message),
      "endpoints": .list(
        service.endpoints.map {
          [
            "container": Value($0.containerPort), "protocol": .string($0.transport.rawValue),
            "address": .string($0.hostAddress), "host": Value($0.hostPort),
          ]
        }),
    ]
    return value.members ?? []
  }
}
