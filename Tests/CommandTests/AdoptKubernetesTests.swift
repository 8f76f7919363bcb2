import KubernetesAPI
import Testing
import Values

/// Moving what `kubectl apply` made to berth, as people do it: import the manifests, look at the plan, apply.
@Suite struct AdoptKubernetesTests {
  private static let deployment: JSON = [
    "apiVersion": "apps/v1", "kind": "Deployment",
    "metadata": ["name": "web", "labels": ["app": "web"]],
    "spec": [
      "replicas": 1, "selector": ["matchLabels": ["app": "web"]],
      "template": [
        "metadata": ["labels": ["app": "web"]],
        "spec": [
          "terminationGracePeriodSeconds": 3,
          "tolerations": [["key": "dedicated", "operator": "Exists", "effect": "NoSchedule"]],
          "affinity": [
            "podAntiAffinity": [
              "preferredDuringSchedulingIgnoredDuringExecution": [
                [
                  "weight": 1,
                  "podAffinityTerm": [
                    "labelSelector": ["matchLabels": ["app": "web"]], "topologyKey": "kubernetes.io/hostname",
                  ],
                ]
              ]
            ]
          ],
          "containers": [
            [
              "name": "web", "image": "busybox:local", "imagePullPolicy": "IfNotPresent",
              "command": [
                "sh", "-c", "mkdir -p /www; echo hello > /www/index.html; exec httpd -f -p 8080 -h /www",
              ],
              "ports": [["name": "http", "containerPort": 8080]],
              "env": [["name": "LEVEL", "value": "info"]],
              "readinessProbe": ["httpGet": ["path": "/", "port": "http"], "periodSeconds": 1],
              "livenessProbe": ["httpGet": ["path": "/", "port": "http"], "periodSeconds": 20],
              "lifecycle": ["preStop": ["exec": ["command": ["sleep", "1"]]]],
            ]
          ],
        ],
      ],
    ],
  ]

  private static let service: JSON = [
    "apiVersion": "v1", "kind": "Service", "metadata": ["name": "web"],
    "spec": [
      "type": "NodePort", "selector": ["app": "web"], "ports": [["port": 80, "targetPort": "http"]],
    ],
  ]

  @Test("What kubectl applied is imported and adopted without a new pod", KubernetesStage.isThere)
  func movingIn() async throws {
    try await KubernetesStage().use { cluster in
      try await cluster.make([Self.deployment, Self.service])
      let pods = try await cluster.pods()
      let manifests = "\(Self.deployment.text)\n---\n\(Self.service.text)\n"
      let imported = try cluster.sandbox.berth(
        "import", "kubernetes", "-", "--for", "kubernetes", "--strict", input: manifests)
      #expect(imported.status == 0, "\(imported.errors)")
      try cluster.sandbox.write("web.yaml", imported.output)

      let refused = try cluster.berth(["plan", "-f", "web.yaml"])
      #expect(refused.status == 1)
      #expect(refused.errors.contains("`--adopt` takes it over"))
      let plan = try cluster.berth(["plan", "-f", "web.yaml", "--adopt"])
      #expect(plan.status == 0, "\(plan.errors)")
      #expect(plan.output.contains("⇤ adopt"))
      #expect(!plan.output.contains("± replace"), "\(plan.output)")
      let applied = try cluster.berth(["apply", "-f", "web.yaml", "--adopt", "--yes"])
      #expect(applied.status == 0, "\(applied.output)\(applied.errors)")
      #expect(try await cluster.pods() == pods)
      let again = try cluster.berth(["plan", "-f", "web.yaml", "--detailed-exitcode"])
      #expect(again.status == 0, "\(again.output)")
      #expect(try cluster.berth(["status", "web"]).output.contains("ready"))
      #expect(try cluster.berth(["destroy", "web", "--volumes", "--yes"]).status == 0)
      #expect(try await cluster.things() == [])
    }
  }
}

extension KubernetesStage {
  /// Makes objects as `kubectl apply` does, and waits until a Deployment of them is ready.
  fileprivate func make(_ objects: [JSON]) async throws {
    let options = WriteOptions(fieldManager: "kubectl-client-side-apply")
    do {
      _ = try await client.objects(.namespaces).create(
        KubernetesObject(.namespaces, name: namespace), options)
    } catch let error as KubernetesError where error.isAlreadyExists {
      // Where pods are played, it is there.
    }
    for json in objects {
      var object = KubernetesObject(json)
      object.metadata["namespace"] = .string(namespace)
      let isService = object.kind == "Service"
      let type =
        isService
        ? ResourceType(plural: "services", kind: "Service")
        : ResourceType(group: "apps", plural: "deployments", kind: "Deployment")
      _ = try await client.objects(type).create(object, options)
      while !isService,
        try await client.objects(type).get(object.name, in: namespace).json.at("status", "readyReplicas")?.int
          != 1
      { try await Task.sleep(for: .milliseconds(200)) }
    }
  }

  /// The identities of the namespace's pods.
  fileprivate func pods() async throws -> Set<String> {
    Set(try await client.objects(.pods).list(in: namespace).items.filter { !$0.isBeingDeleted }.map(\.uid))
  }
}
