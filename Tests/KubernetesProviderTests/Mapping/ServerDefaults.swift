import KubernetesAPI
import Values

/// What a server of Kubernetes 1.20 adds to objects by itself.
enum ServerDefaults {
  static func added(to object: KubernetesObject) -> KubernetesObject {
    var object = object
    object.metadata["uid"] = "0b2e"
    object.metadata["resourceVersion"] = "1"
    object.metadata["creationTimestamp"] = "2026-01-01T00:00:00Z"
    switch object.kind {
    case "Deployment":
      object.json.add(["spec"], ["progressDeadlineSeconds": 600, "revisionHistoryLimit": 10, "replicas": 1])
      addToTemplate(&object.json)
    case "StatefulSet":
      object.json.add(
        ["spec"], ["podManagementPolicy": "OrderedReady", "revisionHistoryLimit": 10, "replicas": 1])
      addToTemplate(&object.json)
      change(&object.json, "spec", "volumeClaimTemplates") { claim in
        claim.add([], ["apiVersion": "v1", "kind": "PersistentVolumeClaim"])
        claim.add(["spec"], ["volumeMode": "Filesystem"])
        claim.add([], ["status": ["phase": "Pending"]])
      }
    case "Service":
      object.json.add(["spec"], ["clusterIP": "10.96.3.4", "sessionAffinity": "None", "type": "ClusterIP"])
      let isOpen = object.json.at("spec", "type")?.string != "ClusterIP"
      change(&object.json, "spec", "ports") { if isOpen { $0.add([], ["nodePort": 31_234]) } }
    case "PersistentVolumeClaim": object.json.add(["spec"], ["volumeMode": "Filesystem"])
    default: break
    }
    return object
  }

  private static func addToTemplate(_ object: inout JSON) {
    object.add(["spec", "template", "metadata"], ["creationTimestamp": nil])
    var spec = object.at("spec", "template", "spec") ?? [:]
    spec.add(
      [],
      [
        "restartPolicy": "Always", "dnsPolicy": "ClusterFirst", "schedulerName": "default-scheduler",
        "securityContext": [:], "terminationGracePeriodSeconds": 30,
      ])
    if let account = spec["serviceAccountName"] { spec["serviceAccount"] = account }
    let isOfHost = spec["hostNetwork"]?.bool == true
    for list in ["containers", "initContainers"] {
      change(&spec, list) { addToContainer(&$0, isOfHost: isOfHost) }
    }
    change(&spec, "volumes") { volume in
      if volume["configMap"] != nil { volume.add(["configMap"], ["defaultMode": 420]) }
      if volume["secret"] != nil { volume.add(["secret"], ["defaultMode": 420]) }
      if volume["hostPath"] != nil { volume.add(["hostPath"], ["type": ""]) }
    }
    object[path: "spec", "template", "spec"] = spec
  }

  private static func addToContainer(_ container: inout JSON, isOfHost: Bool) {
    container.add(
      [],
      [
        "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File",
        "resources": [:],
        "imagePullPolicy": "IfNotPresent",
      ])
    change(&container, "ports") { port in
      port.add([], ["protocol": "TCP"])
      if isOfHost, let number = port["containerPort"] { port.add([], ["hostPort": number]) }
    }
    for probe in ["readinessProbe", "startupProbe", "livenessProbe"] where container[probe] != nil {
      container.add(
        [probe], ["timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3])
    }
    change(&container, "env") { variable in
      if variable.at("valueFrom", "fieldRef") != nil {
        variable.add(["valueFrom", "fieldRef"], ["apiVersion": "v1"])
      }
    }
  }

  private static func change(_ object: inout JSON, _ path: String..., by change: (inout JSON) -> Void) {
    guard var elements = path.reduce(object as JSON?, { $0?[$1] })?.array else { return }
    for index in elements.indices { change(&elements[index]) }
    object[path: path] = .array(elements)
  }
}

extension JSON {
  /// Adds members to what is at a path, except for those that are there.
  fileprivate mutating func add(_ path: [String], _ members: JSON) {
    var inner = path.reduce(self as JSON?) { $0?[$1] } ?? [:]
    for member in members.members ?? [] where inner[member.key] == nil { inner[member.key] = member.value }
    self[path: path] = inner
  }

  fileprivate subscript(path path: String...) -> JSON? {
    get { path.reduce(self as JSON?) { $0?[$1] } }
    set { self[path: path] = newValue }
  }

  fileprivate subscript(path path: [String]) -> JSON? {
    get { path.reduce(self as JSON?) { $0?[$1] } }
    set {
      guard let first = path.first else { return self = newValue ?? .null }
      var inner = self[first] ?? [:]
      inner[path: Array(path.dropFirst())] = newValue
      self[first] = inner
    }
  }
}
