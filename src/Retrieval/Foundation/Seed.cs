using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Agentic.Retrieval;

/// <summary>The root of everything random. Derivation is SHA-256 of text, so it is the same on every machine and in every order.</summary>
public readonly record struct Seed(ulong Value)
{
    /// <summary>An independent seed for one purpose and index.</summary>
    public Seed Derive(string purpose, int index = 0)
    {
        Span<byte> digest = stackalloc byte[32];
        var label = string.Create(CultureInfo.InvariantCulture, $"{Value}/{purpose}/{index}");
        SHA256.HashData(Encoding.UTF8.GetBytes(label), digest);
        return new Seed(BinaryPrimitives.ReadUInt64LittleEndian(digest));
    }

    /// <summary>A generator that depends on this seed alone.</summary>
    public Random ToRandom() => new(unchecked((int)(Value ^ (Value >> 32))));
}
