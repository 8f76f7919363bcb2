import KubernetesAPI
import Testing
import Values

@testable import KubernetesProvider

@Suite("Why something does not get on")
struct TroubleTests {
  /// What a pod tells, and what is made of it.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let status: JSON
    var spec: JSON = [:]
    var isGoing = false
    let sentence: String?
    var outlook = Trouble.Outlook.hopeless

    var pod: KubernetesObject {
      var pod = KubernetesObject(.pods, name: "shop-1", namespace: "default")
      pod["status"] = status
      pod["spec"] = spec
      if isGoing { pod.metadata["deletionTimestamp"] = "2026-11-30T00:00:00Z" }
      return pod
    }
  }

  private static func waiting(
    _ reason: String, _ message: String? = nil, restarts: Int64 = 0, last: JSON? = nil
  )
    -> JSON
  {
    var state: JSON = ["reason": .string(reason)]
    state["message"] = message.map(JSON.string)
    var status: JSON = ["name": "api", "restartCount": .int(restarts), "state": ["waiting": state]]
    if let last { status["lastState"] = ["terminated": last] }
    return ["phase": "Pending", "containerStatuses": [status]]
  }

  private static let again: JSON = [
    "phase": "Pending",
    "initContainerStatuses": [
      [
        "name": "prepare", "restartCount": 1, "state": ["waiting": ["reason": "CrashLoopBackOff"]],
        "lastState": ["terminated": ["exitCode": 0]],
      ]
    ], "containerStatuses": [["name": "api", "state": ["waiting": ["reason": "PodInitializing"]]]],
  ]

  static let cases: [Case] = [
    Case(testDescription: "a pod that was just made", status: ["phase": "Pending"], sentence: nil),
    Case(
      testDescription: "a container that is being made", status: waiting("ContainerCreating"), sentence: nil),
    Case(
      testDescription: "a container that comes after inits", status: waiting("PodInitializing"), sentence: nil
    ),
    Case(
      testDescription: "an image that no registry has",
      status: waiting("ErrImagePull", "rpc error:\n not found"),
      sentence: "`api` can't get its image: rpc error: not found"),
    Case(
      testDescription: "the same, tried again", status: waiting("ImagePullBackOff", "Back-off pulling image"),
      sentence: "`api` can't get its image: Back-off pulling image"),
    Case(
      testDescription: "an image that is never pulled", status: waiting("ErrImageNeverPull"),
      sentence: "`api` has an image that its node lacks, and that is never pulled"),
    Case(
      testDescription: "a name of an image that is none",
      status: waiting("InvalidImageName", "couldn't parse"),
      sentence: "`api` names an image that can't be one: couldn't parse"),
    Case(
      testDescription: "a secret that is missing",
      status: waiting("CreateContainerConfigError", "secret \"x\" not found"),
      sentence: "`api` can't be made of its configuration: secret \"x\" not found"),
    Case(
      testDescription: "a program that is missing",
      status: waiting("RunContainerError", "exec: \"/no\": no such file"),
      sentence: "`api` can't be started: exec: \"/no\": no such file"),
    Case(
      testDescription: "a program that ends each time it is started",
      status: waiting("CrashLoopBackOff", restarts: 3, last: ["exitCode": 3, "reason": "Error"]),
      sentence: "`api` exited with code 3 before it was ready, 3 times"),
    Case(
      testDescription: "a program that takes too much memory",
      status: waiting("CrashLoopBackOff", restarts: 1, last: ["exitCode": 137, "reason": "OOMKilled"]),
      sentence: "`api` was ended by the system: it took more memory than its limit before it was ready"),
    Case(
      testDescription: "an init that fails",
      status: [
        "phase": "Pending",
        "initContainerStatuses": [
          [
            "name": "prepare", "restartCount": 2,
            "state": ["waiting": ["reason": "CrashLoopBackOff"]],
            "lastState": ["terminated": ["exitCode": 1]],
          ]
        ], "containerStatuses": [["name": "api", "state": ["waiting": ["reason": "PodInitializing"]]]],
      ], sentence: "`prepare` exited with code 1 before it was ready, 2 times"),
    Case(
      testDescription: "an init that has succeeded, in a pod that its node makes anew",
      status: again, spec: ["initContainers": [["name": "prepare"]]],
      sentence: "`prepare` has run to its end, and waits to run again: its node makes the pod anew",
      outlook: .mayPass(Trouble.placementPatience)),
    Case(
      testDescription: "a sidecar that ends each time it is started",
      status: again, spec: ["initContainers": [["name": "prepare", "restartPolicy": "Always"]]],
      sentence: "`prepare` exited with code 0 before it was ready"),
    Case(
      testDescription: "what is started once, and fails",
      status: [
        "phase": "Failed",
        "containerStatuses": [["name": "migrate", "state": ["terminated": ["exitCode": 4]]]],
      ],
      spec: ["restartPolicy": "Never"], sentence: "`migrate` exited with code 4 before it was ready"),
    Case(
      testDescription: "what is started once, and succeeds",
      status: [
        "phase": "Succeeded",
        "containerStatuses": [["name": "migrate", "state": ["terminated": ["exitCode": 0]]]],
      ], spec: ["restartPolicy": "Never"], sentence: nil),
    Case(
      testDescription: "a pod that its node evicted",
      status: ["phase": "Failed", "reason": "Evicted", "message": "low on memory"],
      sentence: "the pod has failed: Evicted: low on memory"),
    Case(
      testDescription: "a pod that no node takes",
      status: [
        "phase": "Pending",
        "conditions": [
          [
            "type": "PodScheduled", "status": "False", "reason": "Unschedulable",
            "message": "0/1 nodes are available: 1 Insufficient cpu.",
          ]
        ],
      ], sentence: "no node takes the pod: 0/1 nodes are available: 1 Insufficient cpu.",
      outlook: .mayPass(Trouble.placementPatience)),
    Case(
      testDescription: "a pod whose claim has no disk",
      status: [
        "phase": "Pending",
        "conditions": [
          [
            "type": "PodScheduled", "status": "False", "reason": "Unschedulable",
            "message": "pod has unbound immediate PersistentVolumeClaims",
          ]
        ],
      ], sentence: "a volume is not there: pod has unbound immediate PersistentVolumeClaims",
      outlook: .mayPass(Trouble.claimPatience)),
    Case(
      testDescription: "a pod that goes", status: waiting("CrashLoopBackOff"), isGoing: true, sentence: nil),
  ]

  @Test("What a pod tells is recognised", arguments: cases)
  func recognises(_ made: Case) {
    let trouble = Trouble.of(made.pod)
    #expect(trouble?.sentence == made.sentence)
    if let trouble { #expect(trouble.outlook == made.outlook) }
  }

  @Test(
    "What a Deployment tells of pods that are refused is recognised",
    arguments: [
      (
        "pods \"shop-1\" is forbidden: exceeded quota: small, requested: pods=1",
        "the quota of the namespace is used up: pods \"shop-1\" is forbidden: exceeded quota: small, requested: pods=1",
        true
      ),
      (
        "admission webhook \"a.b\" denied the request: no",
        "an admission webhook refuses its pods: admission webhook \"a.b\" denied the request: no", true
      ),
      (
        "error looking up service account a/default: serviceaccount \"default\" not found",
        "the cluster makes no pods: error looking up service account a/default: serviceaccount \"default\" not found",
        false
      ),
    ])
  func recognisesRefusedPods(told: String, sentence: String, isHopeless: Bool) {
    var controller = KubernetesObject(.deployments, name: "shop", namespace: "default")
    controller["status"] = [
      "conditions": [["type": "ReplicaFailure", "status": "True", "message": .string(told)]]
    ]
    let trouble = Trouble.of(controller, events: [])
    #expect(trouble?.sentence == sentence)
    #expect((trouble?.outlook == .hopeless) == isHopeless)
  }

  @Test("A claim of a class that is missing is hopeless, and a slow one is not")
  func recognisesClaims() {
    var claim = KubernetesObject(.claims, name: "shop--data", namespace: "default")
    claim.metadata["uid"] = "u1"
    claim["status"] = ["phase": "Pending"]
    func event(_ reason: String, _ message: String) -> KubernetesObject {
      var event = KubernetesObject(.events, name: "e", namespace: "default")
      event["involvedObject"] = ["uid": "u1"]
      event["reason"] = .string(reason)
      event["message"] = .string(message)
      return event
    }
    #expect(Trouble.ofClaim(claim, events: []) == nil)
    let missing = event("ProvisioningFailed", "storageclass.storage.k8s.io \"x\" not found")
    #expect(Trouble.ofClaim(claim, events: [missing])?.outlook == .hopeless)
    let slow = event("ProvisioningFailed", "timed out waiting")
    #expect(Trouble.ofClaim(claim, events: [slow])?.outlook == .mayPass(Trouble.claimPatience))
    claim["status"] = ["phase": "Bound"]
    #expect(Trouble.ofClaim(claim, events: [missing]) == nil)
  }
}
