namespace Agentic.Agent;

/// <summary>A hash of text that is the same everywhere and always: it decides what training sees, so it must never change.</summary>
internal static class StableHash
{
    /// <summary>FNV-1a with a final mix, so that every character moves the low bits.</summary>
    public static uint Of(string text)
    {
        var hash = 2166136261u;
        foreach (var c in text)
        {
            hash = (hash ^ c) * 16777619u;
        }

        hash ^= hash >> 15;
        hash *= 2246822519u;
        return hash ^ (hash >> 13);
    }
}
