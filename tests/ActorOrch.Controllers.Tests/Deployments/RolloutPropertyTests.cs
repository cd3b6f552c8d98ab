using ActorOrch.Controllers.Deployments;
using CsCheck;

namespace ActorOrch.Controllers.Tests.Deployments;

public sealed class RolloutPropertyTests
{
    private static readonly Gen<(int Replicas, int Surge, int Unavailable, int[] Steps)> Schedules =
        Gen.Select(Gen.Int[1, 10], Gen.Int[0, 4], Gen.Int[0, 4], Gen.Int[0, 999].Array[20, 300]);

    [Fact]
    public void A_rollout_never_exceeds_its_bounds_whatever_the_order_of_events()
    {
        Schedules.Sample(schedule =>
        {
            var world = World.Started(schedule.Replicas, schedule.Surge, schedule.Unavailable);
            foreach (var step in schedule.Steps)
            {
                world.Step(step, withTrouble: false);
                Assert.True(world.Pods <= world.Deployment.Replicas + world.Deployment.MaxSurge, $"too many pods: {world}");
                Assert.True(world.Available >= world.Deployment.MinAvailable, $"too few available pods: {world}");
            }
            world.Settle();
        }, iter: 3000);
    }

    [Fact]
    public void With_failing_pods_and_changes_of_scale_there_are_never_too_many_pods_and_it_ends_as_desired()
    {
        Schedules.Sample(schedule =>
        {
            var world = World.Started(schedule.Replicas, schedule.Surge, schedule.Unavailable);
            var ceiling = schedule.Replicas + world.Deployment.MaxSurge;
            foreach (var step in schedule.Steps)
            {
                world.Step(step, withTrouble: true);
                // After scaling down, the pods that were allowed before go down to the new bound and never up again.
                var bound = world.Deployment.Replicas + world.Deployment.MaxSurge;
                Assert.True(world.Pods <= Math.Max(ceiling, bound), $"too many pods: {world}");
                ceiling = Math.Max(bound, Math.Min(ceiling, world.MostPods));
            }
            world.Settle();
        }, iter: 3000);
    }

    /// <summary>A Deployment, its sets and their pods, where everyone acts late and in any order.</summary>
    private sealed class World
    {
        private readonly List<Set> _sets = [];
        private int _template = 1;
        private int _names;

        private World(DeploymentView deployment) => Deployment = deployment;

        public DeploymentView Deployment { get; private set; }
        public int Pods => _sets.Sum(s => s.PodsReady.Count);
        public int Available => _sets.Sum(s => s.PodsReady.Count(r => r));

        /// <summary>What the sets may come to if each acts on what it knows or is told.</summary>
        public int MostPods => _sets.Sum(s => Math.Max(s.Replicas, s.PodsReady.Count));

        public static World Started(int replicas, int surge, int unavailable)
        {
            if (surge == 0 && unavailable == 0) unavailable = 1;
            var world = new World(new()
            {
                Name = "web",
                Replicas = replicas,
                MaxSurge = surge,
                MaxUnavailable = Math.Min(unavailable, replicas),
                RevisionHistoryLimit = 2,
            });
            world.Settle();
            return world;
        }

        public void Step(int step, bool withTrouble)
        {
            var which = step / 10;
            switch (step % 10)
            {
                case 0 or 1 or 2:
                    Reconcile();
                    break;
                case 3 or 4 or 5 when _sets.Count > 0:
                    _sets[which % _sets.Count].Act();
                    break;
                case 6 or 7:
                    SetReady(which, ready: true);
                    break;
                case 8 when withTrouble:
                    SetReady(which, ready: false);
                    break;
                case 9 when which % 5 == 0:
                    _template = which % 3 == 0 && _template > 1 ? _template - 1 : _template + 1;
                    break;
                case 9 when withTrouble && which % 5 == 1:
                    Deployment = Deployment with { Replicas = 1 + (which % 10), MaxUnavailable = Math.Min(Deployment.MaxUnavailable, 1 + (which % 10)) };
                    break;
            }
        }

        /// <summary>From now on everyone does their part: it must come to rest with exactly the desired pods.</summary>
        public void Settle()
        {
            for (var round = 0; round < 200; round++)
            {
                Reconcile();
                foreach (var set in _sets)
                {
                    for (var i = 0; i < set.PodsReady.Count; i++) set.PodsReady[i] = true;
                    set.Act();
                }
                var done = _sets.TrueForAll(s => s.PodsReady.Count == (s.Template == _template ? Deployment.Replicas : 0) && !s.PodsReady.Contains(false));
                if (done && _sets.Exists(s => s.Template == _template)) return;
            }
            Assert.Fail($"did not converge: {this}");
        }

        public override string ToString() =>
            $"{Deployment.Replicas}+{Deployment.MaxSurge}-{Deployment.MaxUnavailable}, template {_template}: "
            + string.Join("; ", _sets.Select(s => $"{s.Template}: wants {s.Replicas}, has {s.PodsReady.Count}, {s.PodsReady.Count(r => r)} ready"));

        private void Reconcile()
        {
            var decision = Rollout.Decide(Deployment, [.. _sets.Select(s => s.View(_template))], oldPodsRunning: false);
            foreach (var change in decision.Changes)
            {
                var set = _sets.Find(s => s.Name == change.Set.Name)!;
                if (change.Scales) set.Observed = false;
                set.Replicas = change.Replicas;
                set.Annotations = change.Annotations;
            }
            _sets.RemoveAll(s => decision.Delete.Any(d => d.Name == s.Name));
            if (decision.Create is { } creation)
                _sets.Add(new($"web-{++_names}", _names, _template) { Replicas = creation.Replicas, Annotations = creation.Annotations });
        }

        private void SetReady(int which, bool ready)
        {
            var sets = _sets.FindAll(s => s.PodsReady.Contains(!ready));
            if (sets.Count == 0) return;
            var pods = sets[which % sets.Count].PodsReady;
            pods[pods.IndexOf(!ready)] = ready;
        }
    }

    private sealed class Set(string name, int age, int template)
    {
        public string Name { get; } = name;
        public int Template { get; } = template;
        public int Replicas { get; set; }
        public bool Observed { get; set; }
        public IReadOnlyDictionary<string, string> Annotations { get; set; } = new Dictionary<string, string>();
        public List<bool> PodsReady { get; } = [];
        private int _statusReplicas;
        private int _statusAvailable;

        public void Act()
        {
            while (PodsReady.Count < Replicas) PodsReady.Add(false);
            while (PodsReady.Count > Replicas) PodsReady.RemoveAt(Math.Max(0, PodsReady.IndexOf(false)));
            Observed = true;
            _statusReplicas = PodsReady.Count;
            _statusAvailable = PodsReady.Count(r => r);
        }

        public ReplicaSetView View(int current) => new()
        {
            Name = Name,
            Created = DateTimeOffset.UnixEpoch.AddSeconds(age),
            IsCurrent = Template == current,
            Replicas = Replicas,
            ActualReplicas = _statusReplicas,
            ReadyReplicas = _statusAvailable,
            AvailableReplicas = _statusAvailable,
            Observed = Observed,
            Annotations = Annotations,
        };
    }
}
