import KubernetesAPI
import Values
import WorkloadSpec

@testable import KubernetesProvider

/// A workload `shop` as another client makes it: a controller with one container `api`, and a Service.
struct ForeignShop {
  /// Who writes it.
  var manager = "kubectl-client-side-apply"
  /// By what the controller and the Service select its pods.
  var selector = ["app": "shop"]
  /// Of the objects, beside the selector.
  var labels: [String: String] = [:]
  var annotations: [String: String] = [:]
  var replicas = 1
  /// How many of its pods may be away while it rolls.
  var maxUnavailable: Int64 = 0
  /// Whether it is a StatefulSet with a volume `data`.
  var isStateful = false
  /// What the pod has beside its container.
  var pod: JSON = [:]
  /// What the container has beside its program.
  var container: JSON = [:]
  /// What the controller's specification has beside that.
  var spec: JSON = [:]
  /// How far the controller says that it has come.
  var status: JSON?

  /// As the contract has another client make a workload.
  static let ofContract: ForeignShop = {
    var shop = ForeignShop()
    shop.selector = ["app": "contract"]
    shop.maxUnavailable = 1
    return shop
  }()

  /// As Helm makes it.
  static let ofHelm: ForeignShop = {
    var shop = ForeignShop()
    shop.manager = "helm"
    shop.selector = ["app.kubernetes.io/name": "chart", "app.kubernetes.io/instance": "release"]
    shop.labels = ["app.kubernetes.io/managed-by": "Helm", "helm.sh/chart": "chart-1.2.3"]
    shop.annotations = ["meta.helm.sh/release-name": "release"]
    return shop
  }()

  private var metadata: JSON {
    ["labels": .texts(selector.merging(labels) { $1 }), "annotations": .texts(annotations)]
  }

  /// The controller.
  func controller(
    of service: Service, named name: String = "shop", in namespace: String? = nil
  ) -> KubernetesObject {
    let type: ResourceType = isStateful ? .statefulSets : .deployments
    var object = KubernetesObject(type, name: name, namespace: namespace)
    for member in metadata.members ?? [] { object.metadata[member.key] = member.value }
    var container = container
    container["name"] = .string(service.name)
    container["image"] = .string(service.image ?? "")
    container["imagePullPolicy"] = "Never"
    if container["command"] == nil { container["command"] = .texts(service.command) }
    if isStateful { container["volumeMounts"] = [["name": "data", "mountPath": "/data"]] }
    var pod = pod
    pod["containers"] = .array([container] + (pod["containers"]?.array ?? []))
    pod["terminationGracePeriodSeconds"] = 2
    var spec = spec
    spec["replicas"] = .int(Int64(replicas))
    spec["selector"] = ["matchLabels": .texts(selector)]
    spec["template"] = ["metadata": metadata, "spec": pod]
    if isStateful {
      spec["serviceName"] = .string(name)
      spec["volumeClaimTemplates"] = [
        [
          "metadata": ["name": "data"],
          "spec": ["accessModes": ["ReadWriteOnce"], "resources": ["requests": ["storage": "1Gi"]]],
        ]
      ]
    } else {
      spec["strategy"] = [
        "type": "RollingUpdate", "rollingUpdate": ["maxSurge": 1, "maxUnavailable": .int(maxUnavailable)],
      ]
    }
    object["spec"] = spec
    if let status {
      object.metadata["generation"] = status["observedGeneration"]
      object["status"] = status
    }
    return object
  }

  /// The Service.
  func service(named name: String = "shop", in namespace: String? = nil) -> KubernetesObject {
    var object = KubernetesObject(.services, name: name, namespace: namespace)
    for member in metadata.members ?? [] { object.metadata[member.key] = member.value }
    object["spec"] = [
      "selector": .texts(selector),
      "ports": [["name": "http", "port": 80, "targetPort": 8080, "protocol": "TCP"]],
    ]
    return object
  }
}

extension ShopScene {
  /// Makes a foreign workload, and waits until it is ready.
  func make(_ shop: ForeignShop, of service: Service) async throws {
    let client = try await world.connection.client()
    let options = WriteOptions(fieldManager: shop.manager)
    _ = try await ifConflict {
      _ = try await client.objects(.namespaces).create(
        KubernetesObject(.namespaces, name: world.namespace), options)
    }
    if !service.ports.isEmpty {
      _ = try await client.objects(.services).create(shop.service(named: name, in: world.namespace), options)
    }
    let controller = shop.controller(of: service, named: name, in: world.namespace)
    let type: ResourceType = shop.isStateful ? .statefulSets : .deployments
    _ = try await client.objects(type).create(controller, options)
    while try await object(type).json.at("status", "readyReplicas")?.int != Int64(shop.replicas) {
      try await Task.sleep(for: .milliseconds(200))
    }
  }

  private func ifConflict(_ body: () async throws -> Void) async throws {
    do { try await body() } catch let error as KubernetesError where error.isAlreadyExists {
      // It is there.
    }
  }
}
