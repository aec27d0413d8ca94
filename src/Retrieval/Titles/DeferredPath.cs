using System.Collections;

namespace Agentic.Retrieval;

/// <summary>An explanation worded when first read: a ranking of a thousand chunks is rarely explained beyond its first few.</summary>
internal sealed class DeferredPath(Func<IReadOnlyList<PathHop>> explain) : IReadOnlyList<PathHop>
{
    private readonly Lazy<IReadOnlyList<PathHop>> _hops = new(explain);

    public int Count => _hops.Value.Count;

    public PathHop this[int index] => _hops.Value[index];

    public IEnumerator<PathHop> GetEnumerator() => _hops.Value.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
