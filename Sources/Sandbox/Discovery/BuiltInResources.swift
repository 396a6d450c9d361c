// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// The kinds Kubernetes serves itself, as far as they are served here.
enum BuiltInResources {
    /// Group, versions with the minor releases that serve them, plural name, kind, scope, short names, categories, parts.
    ///
    /// `-` stands for none. Versions are in the order of discovery, the preferred one first.
    private static let table = """
        -  v1  configmaps  ConfigMap  N  cm  -  -
        -  v1  endpoints  Endpoints  N  ep  -  -
        -  v1  events  Event  N  ev  -  -
        -  v1  limitranges  LimitRange  N  limits  -  -
        -  v1  namespaces  Namespace  C  ns  -  finalize,status
        -  v1  nodes  Node  C  no  -  status
        -  v1  persistentvolumeclaims  PersistentVolumeClaim  N  pvc  -  status
        -  v1  persistentvolumes  PersistentVolume  C  pv  -  status
        -  v1  pods  Pod  N  po  all  attach,eviction,exec,log,portforward,proxy,status
        -  v1  podtemplates  PodTemplate  N  -  -  -
        -  v1  replicationcontrollers  ReplicationController  N  rc  all  scale,status
        -  v1  resourcequotas  ResourceQuota  N  quota  -  status
        -  v1  secrets  Secret  N  -  -  -
        -  v1  serviceaccounts  ServiceAccount  N  sa  -  token
        -  v1  services  Service  N  svc  all  proxy,status
        apps  v1  controllerrevisions  ControllerRevision  N  -  -  -
        apps  v1  daemonsets  DaemonSet  N  ds  all  status
        apps  v1  deployments  Deployment  N  deploy  all  scale,status
        apps  v1  replicasets  ReplicaSet  N  rs  all  scale,status
        apps  v1  statefulsets  StatefulSet  N  sts  all  scale,status
        authentication.k8s.io  v1:28-  selfsubjectreviews  SelfSubjectReview  C  -  -  -
        authentication.k8s.io  v1  tokenreviews  TokenReview  C  -  -  -
        authorization.k8s.io  v1  localsubjectaccessreviews  LocalSubjectAccessReview  N  -  -  -
        authorization.k8s.io  v1  selfsubjectaccessreviews  SelfSubjectAccessReview  C  -  -  -
        authorization.k8s.io  v1  selfsubjectrulesreviews  SelfSubjectRulesReview  C  -  -  -
        authorization.k8s.io  v1  subjectaccessreviews  SubjectAccessReview  C  -  -  -
        autoscaling  v2:23-,v2beta2:18-22  horizontalpodautoscalers  HorizontalPodAutoscaler  N  hpa  all  status
        batch  v1:21-,v1beta1:18-20  cronjobs  CronJob  N  cj  all  status
        batch  v1  jobs  Job  N  -  all  status
        networking.k8s.io  v1:19-,v1beta1:18-18  ingressclasses  IngressClass  C  -  -  -
        networking.k8s.io  v1:19-,v1beta1:18-18  ingresses  Ingress  N  ing  -  status
        networking.k8s.io  v1  networkpolicies  NetworkPolicy  N  netpol  -  -
        policy  v1:21-,v1beta1:18-24  poddisruptionbudgets  PodDisruptionBudget  N  pdb  -  status
        rbac.authorization.k8s.io  v1,v1beta1:18-21  clusterrolebindings  ClusterRoleBinding  C  -  -  -
        rbac.authorization.k8s.io  v1,v1beta1:18-21  clusterroles  ClusterRole  C  -  -  -
        rbac.authorization.k8s.io  v1,v1beta1:18-21  rolebindings  RoleBinding  N  -  -  -
        rbac.authorization.k8s.io  v1,v1beta1:18-21  roles  Role  N  -  -  -
        storage.k8s.io  v1  csidrivers  CSIDriver  C  -  -  -
        storage.k8s.io  v1  csinodes  CSINode  C  -  -  -
        storage.k8s.io  v1  storageclasses  StorageClass  C  sc  -  -
        storage.k8s.io  v1  volumeattachments  VolumeAttachment  C  -  -  status
        admissionregistration.k8s.io  v1  mutatingwebhookconfigurations  MutatingWebhookConfiguration  C  -  api-extensions  -
        admissionregistration.k8s.io  v1  validatingwebhookconfigurations  ValidatingWebhookConfiguration  C  -  api-extensions  -
        apiextensions.k8s.io  v1  customresourcedefinitions  CustomResourceDefinition  C  crd,crds  api-extensions  status
        scheduling.k8s.io  v1  priorityclasses  PriorityClass  C  pc  -  -
        coordination.k8s.io  v1,v1beta1:18-21  leases  Lease  N  -  -  -
        node.k8s.io  v1:20-,v1beta1:18-19  runtimeclasses  RuntimeClass  C  -  -  -
        discovery.k8s.io  v1:21-,v1beta1:18-20  endpointslices  EndpointSlice  N  -  -  -
        """

    /// The resources a release of Kubernetes serves, in the order of discovery.
    static func served(minor: Int) -> [APIResource] {
        table.split(separator: "\n").flatMap { line in resources(in: line.split(separator: " "), minor: minor) }
    }

    private static func resources(in columns: [Substring], minor: Int) -> [APIResource] {
        guard columns.count == 8 else { return [] }
        let group = list(columns[0]).first ?? ""
        let kind = String(columns[3])
        return list(columns[1]).compactMap { entry in
            let parts = entry.split(separator: ":")
            if parts.count == 2 {
                let bounds = parts[1].split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
                guard minor >= bounds[0] ?? 0, minor <= (bounds.count > 1 ? bounds[1] : nil) ?? .max else { return nil }
            }
            let isReview = kind.hasSuffix("Review")
            return APIResource(
                group: group, version: String(parts[0]), plural: String(columns[2]),
                singular: kind.lowercased(), kind: kind, listKind: kind + "List", isNamespaced: columns[4] == "N",
                shortNames: list(columns[5]), categories: list(columns[6]), verbs: verbs(of: kind, isReview: isReview),
                subresources: list(columns[7]).map { subresource($0, kind: kind) }, definition: nil)
        }
    }

    private static func verbs(of kind: String, isReview: Bool) -> [String] {
        if isReview { return ["create"] }
        return kind == "Namespace" ? APIResource.allVerbs.filter { $0 != "deletecollection" } : APIResource.allVerbs
    }

    private static func subresource(_ name: String, kind: String) -> APIResource.Subresource {
        let (group, version, kind, verbs): (String, String, String, [String]) =
            switch name {
            case "scale": ("autoscaling", "v1", "Scale", ["get", "patch", "update"])
            case "finalize": ("", "", kind, ["update"])
            case "log": ("", "", kind, ["get"])
            case "eviction": ("policy", "v1", "Eviction", ["create"])
            case "token": ("authentication.k8s.io", "v1", "TokenRequest", ["create"])
            case "attach": ("", "", "PodAttachOptions", ["create", "get"])
            case "exec": ("", "", "PodExecOptions", ["create", "get"])
            case "proxy": ("", "", kind + "ProxyOptions", ["create", "delete", "get", "patch", "update"])
            case "portforward": ("", "", "PodPortForwardOptions", ["create", "get"])
            default: ("", "", kind, ["get", "patch", "update"])
            }
        return APIResource.Subresource(name: name, kind: kind, group: group, version: version, verbs: verbs)
    }

    private static func list(_ column: Substring) -> [String] {
        column == "-" ? [] : column.split(separator: ",").map(String.init)
    }
}
