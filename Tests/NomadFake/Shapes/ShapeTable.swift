/// Which members the objects of the API have, and of what kind each is.
///
/// The kinds are those of `v1/openapi.yaml` of the public repository hashicorp/nomad-openapi (generated from Nomad 1.4-beta),
/// reduced to what a provider asks and gets, in a notation of our own. Members behind which a version stands came with it.
/// Those that the document lacks, for it describes the client's types and not the server's, are of `nomad/structs` of Nomad
/// 1.1.2 and 1.10.2.
///
/// `[X]` is a list, `{X}` an object with any keys, `time` a moment in text, `int` also every length of time, in nanoseconds.
enum ShapeTable {
  static let text = """
    ACLPolicy: CreateIndex=int Description=string Hash=string JobACL=JobACL@1.4 ModifyIndex=int Name=string
      Rules=string RulesJSON=any
    ACLToken: AccessorID=string CreateIndex=int CreateTime=time ExpirationTTL=int@1.4 ExpirationTime=time@1.4
      Global=bool Hash=string ModifyIndex=int Name=string Policies=[string] Roles=[ACLTokenRoleLink]@1.4
      SecretID=string Type=string
    ACLTokenRoleLink: ID=string Name=string
    Affinity: LTarget=string Operand=string RTarget=string Weight=int
    AllocDeploymentStatus: Canary=bool Healthy=bool ModifyIndex=int Timestamp=time
    AllocStopResponse: EvalID=string Index=int
    AllocatedCpuResources: CpuShares=int ReservedCores=[int]
    AllocatedDeviceResource: DeviceIDs=[string] Name=string Type=string Vendor=string
    AllocatedMemoryResources: MemoryMB=int MemoryMaxMB=int
    AllocatedResources: Shared=AllocatedSharedResources TaskLifecycles={TaskLifecycle}
      Tasks={AllocatedTaskResources}
    AllocatedSharedResources: DiskMB=int Networks=[NetworkResource] Ports=[PortMapping]
    AllocatedTaskResources: Cpu=AllocatedCpuResources Devices=[AllocatedDeviceResource]
      Memory=AllocatedMemoryResources Networks=[NetworkResource]
    Allocation: AllocModifyIndex=int AllocStates=[any] AllocatedResources=AllocatedResources
      ClientDescription=string ClientStatus=string CreateIndex=int CreateTime=int DeploymentID=string
      DeploymentStatus=AllocDeploymentStatus DesiredDescription=string DesiredStatus=string
      DesiredTransition=DesiredTransition EvalID=string FollowupEvalID=string ID=string Job=Job JobID=string
      JobVersion=int Metrics=AllocationMetric ModifyIndex=int ModifyTime=int Name=string Namespace=string
      NetworkStatus=any NextAllocation=string NodeID=string NodeName=string PreemptedAllocations=[string]
      PreemptedByAllocation=string PreviousAllocation=string RescheduleTracker=any Resources=Resources
      Services={string} SharedResources=Resources TaskGroup=string TaskResources={Resources}
      TaskStates={TaskState}
    AllocationListStub: AllocatedResources=AllocatedResources ClientDescription=string ClientStatus=string
      CreateIndex=int CreateTime=int DeploymentStatus=AllocDeploymentStatus DesiredDescription=string
      DesiredStatus=string DesiredTransition=DesiredTransition EvalID=string FollowupEvalID=string ID=string
      JobID=string JobType=string JobVersion=int ModifyIndex=int ModifyTime=int Name=string Namespace=string
      NodeID=string NodeName=string PreemptedAllocations=[string] PreemptedByAllocation=string
      RescheduleTracker=any TaskGroup=string TaskStates={TaskState}
    AllocationMetric: AllocationTime=int ClassExhausted={int} ClassFiltered={int} CoalescedFailures=int
      ConstraintFiltered={int} DimensionExhausted={int} NodePool=string@1.6 NodesAvailable={int}
      NodesEvaluated=int NodesExhausted=int NodesFiltered=int NodesInPool=int@1.6 QuotaExhausted=[string]
      ResourcesExhausted={Resources} ScoreMetaData=[any] Scores={number}
    ChangeScript: Args=[string] Command=string FailOnError=bool Timeout=int
    CheckRestart: Grace=int IgnoreWarnings=bool Limit=int
    Constraint: LTarget=string Operand=string RTarget=string
    Consul: Namespace=string
    DNSConfig: Options=[string] Searches=[string] Servers=[string]
    Deployment: CreateIndex=int CreateTime=int@1.9 EvalPriority=int@1.3 ID=string IsMultiregion=bool
      JobCreateIndex=int JobID=string JobModifyIndex=int JobSpecModifyIndex=int JobVersion=int ModifyIndex=int
      ModifyTime=int@1.9 Namespace=string Status=string StatusDescription=string TaskGroups={DeploymentState}
    DeploymentAllocHealthRequest: DeploymentID=string HealthyAllocationIDs=[string] Namespace=string
      Region=string SecretID=string UnhealthyAllocationIDs=[string]
    DeploymentPauseRequest: DeploymentID=string Namespace=string Pause=bool Region=string SecretID=string
    DeploymentPromoteRequest: All=bool DeploymentID=string Groups=[string] Namespace=string Region=string
      SecretID=string
    DeploymentState: AutoPromote=bool AutoRevert=bool DesiredCanaries=int DesiredTotal=int HealthyAllocs=int PlacedAllocs=int
      PlacedCanaries=[string] ProgressDeadline=int Promoted=bool RequireProgressBy=time UnhealthyAllocs=int
    DeploymentUnblockRequest: DeploymentID=string Namespace=string Region=string SecretID=string
    DeploymentUpdateResponse: DeploymentModifyIndex=int EvalCreateIndex=int EvalID=string Index=int
      RevertedJobVersion=int
    DesiredTransition: ForceReschedule=bool Migrate=bool MigrateDisablePlacement=bool@1.9 NoShutdownDelay=bool
      Reschedule=bool
    DesiredUpdates: Canary=int DestructiveUpdate=int Ignore=int InPlaceUpdate=int Migrate=int Place=int
      Preemptions=int Stop=int
    DispatchPayloadConfig: File=string
    DriverInfo: Attributes={string} Detected=bool HealthDescription=string Healthy=bool UpdateTime=time
    EphemeralDisk: Migrate=bool SizeMB=int Sticky=bool
    EvalOptions: ForceReschedule=bool
    Evaluation: AnnotatePlan=bool BlockedEval=string ClassEligibility={bool} CreateIndex=int CreateTime=int
      DeploymentID=string EscapedComputedClass=bool FailedTGAllocs={AllocationMetric} ID=string JobID=string
      JobModifyIndex=int LeaderACL=string ModifyIndex=int ModifyTime=int Namespace=string NextEval=string
      NodeID=string NodeModifyIndex=int PlanAnnotations=any@1.6 PreviousEval=string Priority=int
      QueuedAllocations={int} QuotaLimitReached=string RelatedEvals=[EvaluationStub]@1.2 SnapshotIndex=int
      Status=string StatusDescription=string TriggeredBy=string Type=string Wait=int WaitUntil=time
    EvaluationStub: BlockedEval=string CreateIndex=int CreateTime=int DeploymentID=string ID=string
      JobID=string ModifyIndex=int ModifyTime=int Namespace=string NextEval=string NodeID=string
      PreviousEval=string Priority=int Status=string StatusDescription=string TriggeredBy=string Type=string
      WaitUntil=time
    FieldDiff: Annotations=[string] Name=string New=string Old=string Type=string
    Job: Affinities=[Affinity] AllAtOnce=bool Constraints=[Constraint] ConsulNamespace=string
      ConsulToken=string CreateIndex=int Datacenters=[string] DispatchIdempotencyToken=string@1.2
      Dispatched=bool ID=string JobModifyIndex=int Meta={string} Migrate=MigrateStrategy ModifyIndex=int
      Multiregion=any Name=string Namespace=string NodePool=string@1.6 NomadTokenID=string
      ParameterizedJob=ParameterizedJobConfig ParentID=string Payload=string Periodic=PeriodicConfig
      Priority=int Region=string Reschedule=ReschedulePolicy Spreads=[Spread] Stable=bool Status=string
      StatusDescription=string Stop=bool SubmitTime=int TaskGroups=[TaskGroup] Type=string UI=any@1.9
      Update=UpdateStrategy VaultNamespace=string VaultToken=string Version=int VersionTag=any@1.9
    JobACL: Group=string JobID=string Namespace=string Task=string
    JobChildrenSummary: Dead=int Pending=int Running=int
    JobDeregisterResponse: EvalCreateIndex=int EvalID=string Index=int JobModifyIndex=int KnownLeader=bool
      LastContact=int VolumeEvalID=string VolumeEvalIndex=int
    JobDiff: Fields=[FieldDiff] ID=string Objects=[ObjectDiff] TaskGroups=[TaskGroupDiff] Type=string
    JobEvaluateRequest: EvalOptions=EvalOptions JobID=string Namespace=string Region=string SecretID=string
    JobListStub: CreateIndex=int Datacenters=[string] ID=string JobModifyIndex=int JobSummary=JobSummary
      Meta={string}@1.4 ModifyIndex=int Multiregion=any Name=string Namespace=string NodePool=string@1.6
      ParameterizedJob=bool ParentID=string Periodic=bool Priority=int Status=string StatusDescription=string
      Stop=bool SubmitTime=int Type=string
    JobPlanRequest: Diff=bool Job=Job Namespace=string PolicyOverride=bool Region=string SecretID=string
    JobPlanResponse: Annotations=PlanAnnotations CreatedEvals=[Evaluation] Diff=JobDiff
      FailedTGAllocs={AllocationMetric} Index=int JobModifyIndex=int NextPeriodicLaunch=time Warnings=string
    JobRegisterRequest: EnforceIndex=bool EvalPriority=int Job=Job JobModifyIndex=int Namespace=string
      PolicyOverride=bool PreserveCounts=bool Region=string SecretID=string Submission=any@1.6
    JobRegisterResponse: EvalCreateIndex=int EvalID=string Index=int JobModifyIndex=int KnownLeader=bool
      LastContact=int Warnings=string
    JobRevertRequest: ConsulToken=string EnforcePriorVersion=int JobID=string JobVersion=int Namespace=string
      Region=string SecretID=string VaultToken=string
    JobSummary: Children=JobChildrenSummary CreateIndex=int JobID=string ModifyIndex=int Namespace=string
      Summary={TaskGroupSummary}
    JobValidateRequest: Job=Job Namespace=string Region=string SecretID=string
    JobValidateResponse: DriverConfigValidated=bool Error=string ValidationErrors=[string] Warnings=string
    JobVersionsResponse: Diffs=[JobDiff] Index=int KnownLeader=bool LastContact=int Versions=[Job]
    LogConfig: Disabled=bool@1.5 Enabled=bool@1.5 MaxFileSizeMB=int MaxFiles=int
    MigrateStrategy: HealthCheck=string HealthyDeadline=int MaxParallel=int MinHealthyTime=int
    Namespace: Capabilities=NamespaceCapabilities@1.2 ConsulConfiguration=any@1.7 CreateIndex=int
      Description=string Hash=string Meta={string}@1.4 ModifyIndex=int Name=string
      NodePoolConfiguration=any@1.6 Quota=string VaultConfiguration=any@1.7
    NamespaceCapabilities: DisabledTaskDrivers=[string] EnabledTaskDrivers=[string]
    NetworkResource: CIDR=string DNS=DNSConfig Device=string DynamicPorts=[Port] Hostname=string IP=string
      MBits=int Mode=string ReservedPorts=[Port]
    NodeListStub: Address=string Attributes={string}@1.4 CreateIndex=int Datacenter=string Drain=bool
      Drivers={DriverInfo} HostVolumes={any} ID=string LastDrain=any ModifyIndex=int Name=string
      NodeClass=string NodePool=string@1.6 NodeResources=any ReservedResources=any
      SchedulingEligibility=string Status=string StatusDescription=string Version=string
    ObjectDiff: Fields=[FieldDiff] Name=string Objects=[ObjectDiff] Type=string
    ParameterizedJobConfig: MetaOptional=[string] MetaRequired=[string] Payload=string
    PeriodicConfig: Enabled=bool ProhibitOverlap=bool Spec=string SpecType=string TimeZone=string
    PlanAnnotations: DesiredTGUpdates={DesiredUpdates} PreemptedAllocs=[AllocationListStub]
    Port: HostNetwork=string Label=string To=int Value=int
    PortMapping: HostIP=string Label=string To=int Value=int
    RequestedDevice: Affinities=[Affinity] Constraints=[Constraint] Count=int Name=string
    ReschedulePolicy: Attempts=int Delay=int DelayFunction=string Interval=int MaxDelay=int Unlimited=bool
    Resources: CPU=int Cores=int Devices=[RequestedDevice] DiskMB=int IOPS=int MemoryMB=int MemoryMaxMB=int
      NUMA=any@1.7 Networks=[NetworkResource] SecretsMB=int@1.10
    RestartPolicy: Attempts=int Delay=int Interval=int Mode=string RenderTemplates=bool@1.6
    ScalingRequest: Count=int Error=bool Message=string Meta={any} Namespace=string PolicyOverride=bool
      Region=string SecretID=string Target={string}
    Service: Address=string@1.3 AddressMode=string CanaryAddress=string CanaryMeta={string}
      CanaryTags=[string] CheckRestart=CheckRestart Checks=[ServiceCheck] Cluster=string@1.7 Connect=any
      EnableTagOverride=bool Identity=any@1.7 Meta={string} Name=string OnUpdate=string PortLabel=string
      Provider=string@1.3 TaggedAddresses={string}@1.1 TaggedCanary=any Tags=[string] TaskName=string
    ServiceCheck: AddressMode=string Advertise=string@1.6 Args=[string] Body=string CheckRestart=CheckRestart
      Command=string Expose=bool FailuresBeforeCritical=int GRPCService=string GRPCUseTLS=bool
      Header={[string]} InitialStatus=string Interval=int Method=string Name=string OnUpdate=string
      Path=string PortLabel=string Protocol=string SuccessBeforePassing=int TLSSkipVerify=bool TaskName=string
      Timeout=int Type=string
    Spread: Attribute=string SpreadTarget=[SpreadTarget] Weight=int
    SpreadTarget: Percent=int Value=string
    Task: Actions=[any]@1.7 Affinities=[Affinity] Artifacts=[TaskArtifact] CSIPluginConfig=any Config={any}
      Constraints=[Constraint] Consul=any@1.7 DispatchPayload=DispatchPayloadConfig Driver=string Env={string}
      Identities=[any]@1.7 Identity=any@1.5 KillSignal=string KillTimeout=int Kind=string Leader=bool
      Lifecycle=TaskLifecycle LogConfig=LogConfig Meta={string} Name=string Resources=Resources
      RestartPolicy=RestartPolicy ScalingPolicies=[any] Schedule=any@1.8 Services=[Service] ShutdownDelay=int
      Templates=[Template] User=string Vault=Vault VolumeMounts=[VolumeMount]
    TaskArtifact: GetterHeaders={string} GetterMode=string GetterOptions={string} GetterSource=string
      RelativeDest=string
    TaskDiff: Annotations=[string] Fields=[FieldDiff] Name=string Objects=[ObjectDiff] Type=string
    TaskEvent: Details={string} DiskLimit=int DiskSize=int DisplayMessage=string DownloadError=string
      DriverError=string DriverMessage=string ExitCode=int FailedSibling=string FailsTask=bool
      GenericSource=string KillError=string KillReason=string KillTimeout=int Message=string
      RestartReason=string SetupError=string Signal=int StartDelay=int TaskSignal=string
      TaskSignalReason=string Time=int Type=string ValidationError=string VaultError=string
    TaskGroup: Affinities=[Affinity] Constraints=[Constraint] Consul=Consul Count=int Disconnect=any@1.8
      EphemeralDisk=EphemeralDisk MaxClientDisconnect=int@1.3 Meta={string} Migrate=MigrateStrategy
      Name=string Networks=[NetworkResource] PreventRescheduleOnLost=bool@1.7
      ReschedulePolicy=ReschedulePolicy RestartPolicy=RestartPolicy Scaling=any Services=[Service]
      ShutdownDelay=int Spreads=[Spread] StopAfterClientDisconnect=int Tasks=[Task] Update=UpdateStrategy
      Volumes={VolumeRequest}
    TaskGroupDiff: Fields=[FieldDiff] Name=string Objects=[ObjectDiff] Tasks=[TaskDiff] Type=string
      Updates={int}
    TaskGroupSummary: Complete=int Failed=int Lost=int Queued=int Running=int Starting=int Unknown=int@1.3
    TaskLifecycle: Hook=string Sidecar=bool
    TaskState: Events=[TaskEvent] Failed=bool FinishedAt=time LastRestart=time Paused=string@1.8 Restarts=int
      StartedAt=time State=string TaskHandle=any
    Template: ChangeMode=string ChangeScript=ChangeScript@1.4 ChangeSignal=string DestPath=string
      EmbeddedTmpl=string Envvars=bool ErrMissingKey=bool@1.6 Gid=int@1.4 LeftDelim=string Once=bool@1.10
      Perms=string RightDelim=string SourcePath=string Splay=int Uid=int@1.4 VaultGrace=int
      Wait=WaitConfig@1.2
    UpdateStrategy: AutoPromote=bool AutoRevert=bool Canary=int HealthCheck=string HealthyDeadline=int
      MaxParallel=int MinHealthyTime=int ProgressDeadline=int Stagger=int
    Variable: CreateIndex=int CreateTime=int Items={string} ModifyIndex=int ModifyTime=int Namespace=string
      Path=string
    VariableMetadata: CreateIndex=int CreateTime=int ModifyIndex=int ModifyTime=int Namespace=string
      Path=string
    Vault: AllowTokenExpiration=bool@1.8 ChangeMode=string ChangeSignal=string Cluster=string@1.7
      DisableFile=bool@1.5 Env=bool Namespace=string Policies=[string] Role=string@1.7
    VolumeMount: Destination=string PropagationMode=string ReadOnly=bool SELinuxLabel=string@1.7 Volume=string
    VolumeRequest: AccessMode=string AttachmentMode=string MountOptions=any Name=string PerAlloc=bool
      ReadOnly=bool Source=string Sticky=bool@1.10 Type=string
    WaitConfig: Max=int Min=int
    """
}
