using Agentic.Retrieval;

namespace Agentic.Retrieval.Tests;

public sealed class DateReaderTests
{
    [Theory]
    [InlineData("5 May 1821", 1821, 5, 5)]
    [InlineData("May 5, 1821", 1821, 5, 5)]
    [InlineData("the 3rd of March 1902", 1902, 3, 3)]
    [InlineData("Sept 9, 1950", 1950, 9, 9)]
    [InlineData("in August 489 AD", 489, 8, 0)]
    [InlineData("in 1821", 1821, 0, 0)]
    [InlineData("in 44 BC", -44, 0, 0)]
    public void Reads_dates_as_english_writes_them(string text, int year, int month, int day)
    {
        Assert.True(CalendarDate.TryParse(text, out var date));
        Assert.Equal(new CalendarDate(year, month, day), date);
    }

    [Theory]
    [InlineData("the 12 apostles")]
    [InlineData("may march on")]
    [InlineData("about 300 people")]
    [InlineData("")]
    public void Numbers_and_small_months_are_no_dates(string text) => Assert.False(CalendarDate.TryParse(text, out _));

    [Fact]
    public void Order_is_chronological_with_unknown_parts_first()
    {
        CalendarDate[] dates = [new(-44, 3, 15), new(1821, 0, 0), new(1821, 5, 0), new(1821, 5, 5), new(1822, 1, 1)];
        Assert.Equal(dates, dates.Reverse().Order());
    }
}
